package dev.agentcoord.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class SocketTableTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt  " + " uid  timeout inode\n";

    @Test
    void a_listener_is_read_with_address_port_owner_and_inode() {
        String line =
                "   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1"
                        + " 0000000000000000 100 0 0 10 0\n";

        assertThat(SocketTable.parse(HEAD + line, ByteOrder.LITTLE_ENDIAN))
                .containsExactly(new SocketTable.Entry("127.0.0.1", 3000, true, 1000, 4242));
    }

    @Test
    void addresses_of_the_sixth_version_are_read_too() {
        String loopback = "   0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A"
                + " 00000000:00000000 00:00000000 00000000     0        0 7 1 0000000000000000 100 0 0 10 0\n";
        String any = loopback.replace("01000000:1F90", "00000000:1F91");

        assertThat(SocketTable.parse(HEAD + loopback + any, ByteOrder.LITTLE_ENDIAN))
                .extracting(SocketTable.Entry::address, SocketTable.Entry::port)
                .containsExactly(tuple("::1", 8080), tuple("::", 8081));
    }

    @Test
    void the_other_byte_order_is_read_as_the_same_address() {
        String line =
                "   0: 7F000001:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242\n";

        assertThat(SocketTable.parse(HEAD + line, ByteOrder.BIG_ENDIAN))
                .extracting(SocketTable.Entry::address)
                .containsExactly("127.0.0.1");
    }

    @Test
    void a_connection_counts_unless_it_only_waits_to_be_forgotten() {
        String established =
                "   0: 0100007F:0BB8 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0"
                        + " 4242 1 0000000000000000 20 4 30 10 -1\n";
        String timeWait = established.replace(" 01 ", " 06 ");

        assertThat(SocketTable.parse(HEAD + established + timeWait, ByteOrder.LITTLE_ENDIAN))
                .containsExactly(new SocketTable.Entry("127.0.0.1", 3000, false, 1000, 4242));
    }

    @Test
    void lines_of_another_form_are_passed_over() {
        assertThat(SocketTable.parse(
                        HEAD + "\n x\n   0: zz:0BB8 0 0A 0 0 0 1000 0 4242\n   0: 0100007F 0 0A 0 0 0 1 0 4\n"
                                + "   0: 01:0BB8 0 0A 0 0 0 1 0 4\n",
                        ByteOrder.LITTLE_ENDIAN))
                .isEmpty();
    }
}
