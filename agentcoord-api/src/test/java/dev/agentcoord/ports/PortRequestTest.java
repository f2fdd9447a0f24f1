package dev.agentcoord.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import org.junit.jupiter.api.Test;

class PortRequestTest {
    @Test
    void a_range_has_both_ends_and_is_written_as_it_is_typed() {
        assertThat(PortRequest.named("web")).hasToString("web=3000-3999");
        assertThat(PortRequest.named("web").range(3000, 3001)).hasToString("web=3000-3001");
        assertThat(PortRequest.named("web").number(1)).hasToString("web=1");
        assertThat(PortRequest.named("web").number(65_535)).hasToString("web=65535");
    }

    @Test
    void what_is_no_range_is_refused_with_what_to_write() {
        int[][] ranges = {{0, 1}, {-1, 5}, {65_535, 65_536}, {3001, 3000}};
        for (int[] range : ranges) {
            assertThatThrownBy(() -> PortRequest.named("web").range(range[0], range[1]))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("write a range within 1-65535");
        }
    }

    @Test
    void a_range_is_bounded() {
        assertThat(PortRequest.named("web").range(1, PortRequest.WIDEST)).isNotNull();
        assertThatThrownBy(() -> PortRequest.named("web").range(1, PortRequest.WIDEST + 1))
                .isInstanceOf(LimitExceededException.class);
    }

    @Test
    void a_name_is_one_that_makes_a_variable() {
        for (String name : new String[] {"", "Web", "a b", "-web", "a=b", "a\nb", "é", "x".repeat(49)}) {
            assertThatThrownBy(() -> PortRequest.named(name)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void name_and_reason_fit_into_one_reason() {
        assertThatThrownBy(() -> PortRequest.named("web").reason("x".repeat(1_020)))
                .isInstanceOf(CoordinationException.class);
        assertThat(PortRequest.named("web").reason("x".repeat(1_019)).reason()).hasSize(1_019);
    }

    @Test
    void a_listener_cannot_write_more_than_one_harmless_line() {
        Listener listener =
                new Listener(3000, "::", 0, "root", 7, "node\0server.js\0\n\u001b[2J\u202e" + "x".repeat(500));

        assertThat(listener.command()).startsWith("node server.js ??[2J?x").hasSize(120);
        assertThat(listener).hasToString("pid 7 of root (" + listener.command() + ") on ::");
    }
}
