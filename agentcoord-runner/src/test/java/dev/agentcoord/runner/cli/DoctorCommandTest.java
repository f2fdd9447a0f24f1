package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DoctorCommandTest {
    @Test
    void an_nc_with_unix_sockets_is_known_by_its_help() {
        assertThat(DoctorCommand.hasUnixSockets("usage: nc [-46CDdFhklNnrStUuvZz] [-I length]\n"))
                .isTrue();
        assertThat(DoctorCommand.hasUnixSockets("  -U, --unixsock             Use Unix domain sockets only\n"))
                .isTrue();
    }

    @Test
    void an_nc_that_only_speaks_of_udp_has_none() {
        assertThat(DoctorCommand.hasUnixSockets("connect to somewhere:\tnc [-options] hostname port[s] [ports] ...\n"
                        + "\t-T tos\t\t\tset Type Of Service\n\t-u\t\t\tUDP mode\n\t-v\t\t\tverbose\n"))
                .isFalse();
    }
}
