package dev.agentcoord.runner.tmux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PaneTest {
    @Test
    void two_process_ids_are_read() throws TmuxException {
        assertThat(Pane.parse("12 345\n")).isEqualTo(new Pane(12, 345));
    }

    @Test
    void anything_else_is_refused() {
        for (String wrong : List.of("", "1", "1 2 3", "a b", "no server running")) {
            assertThatThrownBy(() -> Pane.parse(wrong)).isInstanceOf(TmuxException.class);
        }
    }
}
