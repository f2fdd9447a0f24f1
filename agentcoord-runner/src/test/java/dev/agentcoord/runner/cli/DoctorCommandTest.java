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
        assertThat(DoctorCommand.hasUnixSockets("""
                        connect to somewhere: nc [-options] hostname port[s] [ports] ...
                          -T tos  set Type Of Service
                          -u      UDP mode
                        """)).isFalse();
    }
}
