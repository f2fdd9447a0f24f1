package dev.agentcoord.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProcessStatTest {
    private static final String TAIL = " S 7 42 41 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 3 0 555 1000 1 1 1 1";

    @Test
    void fieldsAreCountedFromBehindANameThatMayHoldAnything() {
        ProcessStat plain = ProcessStat.parse("42 (sh)" + TAIL).orElseThrow();
        assertThat(plain).isEqualTo(new ProcessStat("S", 7, 41, 3, 555));
        assertThat(ProcessStat.parse("42 (a) R 1 (b) 9)" + TAIL)).contains(plain);
    }

    @Test
    void aLineThatIsCutShortSaysNothing() {
        assertThat(ProcessStat.parse("")).isEmpty();
        String line = "42 (sh)" + TAIL;
        for (int end = line.indexOf(" 555"); end > 0; end = line.lastIndexOf(' ', end - 1)) {
            assertThat(ProcessStat.parse(line.substring(0, end)))
                    .as(line.substring(0, end))
                    .isEmpty();
        }
    }
}
