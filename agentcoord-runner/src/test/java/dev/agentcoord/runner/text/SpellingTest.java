package dev.agentcoord.runner.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SpellingTest {
    private static final List<String> WORDS = List.of("lock", "locks", "unlock", "ls", "steal", "logs");

    @Test
    void a_letter_wrong_missing_added_or_swapped_is_understood() {
        assertThat(List.of("lokc", "lok", "locck", "lick"))
                .allSatisfy(typed -> assertThat(Spelling.nearest(typed, WORDS)).contains("lock"));
        assertThat(Spelling.nearest("unlok", WORDS)).contains("unlock");
        assertThat(Spelling.nearest("stael", WORDS)).contains("steal");
    }

    @Test
    void what_is_another_word_altogether_is_not_guessed() {
        assertThat(List.of("", "x", "z", "frobnicate", "pour"))
                .allSatisfy(typed -> assertThat(Spelling.nearest(typed, WORDS)).isEmpty());
    }

    @Test
    void a_long_word_costs_no_memory() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        String typed = "x".repeat(1024 * 1024);
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThat(Spelling.nearest(typed, WORDS)).isEmpty();

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(typed.length());
    }

    @Test
    void a_swap_of_neighbours_is_one_edit() {
        assertThat(Spelling.distance("ab", "ba")).isOne();
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
    }
}
