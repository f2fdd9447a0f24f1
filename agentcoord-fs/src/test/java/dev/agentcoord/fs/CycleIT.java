package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that wait for each other in a circle: it breaks at one of them, which is told the whole of it. */
final class CycleIT {
    private static final int LARGEST = 7;

    @TempDir
    private static Path dir;

    private static Children ring;

    @BeforeAll
    static void start() throws IOException {
        Path store = dir.resolve("store");
        ring = Children.start(LARGEST, i -> Child.start(Puppet.class, store, "cycle", "agent-" + i));
    }

    @AfterAll
    static void end() {
        if (ring != null) {
            ring.close();
        }
    }

    @Test
    void aCycleOfTwoProcessesHasOneVictimAndNamesBoth() throws IOException {
        closeACycleOf(2);
    }

    @Test
    void aCycleOfThreeProcessesHasOneVictimAndNamesAll() throws IOException {
        closeACycleOf(3);
    }

    @Test
    void aCycleOfSevenProcessesHasOneVictimAndNamesAll() throws IOException {
        closeACycleOf(LARGEST);
    }

    /** Each holds a file and asks for that of the next, one after the other; the last one closes the cycle. */
    private static void closeACycleOf(int size) throws IOException {
        try (Coordinator coordinator = FsCoordinator.open(dir.resolve("store"), "cycle")) {
            for (int i = 0; i < size; i++) {
                ring.get(i).ask("hold f" + i);
            }
            for (int i = 0; i < size; i++) {
                ring.get(i).ask("ask f" + (i + 1) % size);
                int live = size + i + 1;
                if (i < size - 1) {
                    await().until(() -> coordinator.locks().size() == live);
                }
            }
            int last = size - 1;
            String deadlock = ring.get(last).ask("outcome f0");
            assertThat(deadlock).startsWith("DeadlockException: ");
            for (int i = 0; i < size; i++) {
                String next = String.valueOf((i + 1) % size);
                assertThat(deadlock)
                        .contains("agent-" + i + " holds f" + i + " (")
                        .containsPattern("waits for f" + next + " \\(#[0-9]+\\) held by agent-" + next);
            }
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofMinutes(1)).until(() -> nobodyElse(size));
            for (int i = last; i > 0; i--) {
                assertThat(ring.get(i).ask("release f" + i)).isEqualTo("released");
                assertThat(ring.get(i - 1).ask("outcome f" + i)).doesNotContain("Exception");
                assertThat(ring.get(i - 1).ask("release f" + i)).isEqualTo("released");
            }
            assertThat(ring.get(0).ask("release f0")).isEqualTo("released");
            assertThat(coordinator.locks()).isEmpty();
        }
    }

    private static boolean nobodyElse(int size) throws IOException {
        boolean anybody = false;
        for (int i = 0; i < size - 1; i++) {
            anybody |= ring.get(i).ask("isdone f" + (i + 1)).equals("true");
        }
        return !anybody;
    }
}
