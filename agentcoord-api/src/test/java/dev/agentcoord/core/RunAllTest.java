package dev.agentcoord.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RunAllTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void one_that_fails_keeps_no_other_from_being_done_and_the_first_failure_is_told() {
        assertThatThrownBy(() -> RunAll.of(List.of(part("a"), failing("b"), part("c"), failing("d"), part("e"))))
                .hasMessage("b");
        assertThat(done).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void where_none_fails_nothing_is_thrown() {
        RunAll.of(List.of(part("a"), part("b")));

        assertThat(done).containsExactly("a", "b");
    }

    private Runnable part(String name) {
        return () -> done.add(name);
    }

    private Runnable failing(String name) {
        return () -> {
            done.add(name);
            throw new IllegalStateException(name);
        };
    }
}
