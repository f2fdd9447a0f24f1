package dev.agentcoord.runner.tmux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TmuxArgumentsTest {
    @Test
    void an_argument_that_ends_in_a_semicolon_does_not_end_the_command() {
        assertThat(TmuxArguments.command("set-buffer", "x;").list()).containsExactly("set-buffer", "x\\;");
        assertThat(TmuxArguments.command("set-buffer", ";").list()).containsExactly("set-buffer", "\\;");
        assertThat(TmuxArguments.command("set-buffer", "x\\;").list()).containsExactly("set-buffer", "x\\\\;");
    }

    @Test
    void a_semicolon_elsewhere_is_left_alone() {
        assertThat(TmuxArguments.command("set-buffer", ";x; y").list()).containsExactly("set-buffer", ";x; y");
    }

    @Test
    void commands_are_joined_by_a_bare_semicolon() {
        assertThat(TmuxArguments.command("a", "b").then("c").list()).containsExactly("a", "b", ";", "c");
    }
}
