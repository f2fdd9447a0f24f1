package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many processes that want the same files in opposite orders: no wait ends but in a grant, or as the one victim of its cycle. */
final class StormIT {
    @TempDir
    private Path dir;

    private long grants;
    private long victims;
    private long longest;

    @Test
    void requestsForAllAtOnceNeverDeadlock() throws IOException {
        storm("whole");
        assertThat(victims).isZero();
    }

    @Test
    void ofThoseWhoHoldAndAskForMoreTheVictimsBeginAgainAndNobodyIsStuck() throws IOException {
        storm("piecemeal");
        assertThat(victims).isPositive();
    }

    private void storm(String how) throws IOException {
        int processes = Campaign.size(6, 32);
        int seconds = Campaign.size(3, 60);
        List<Path> accounts = new ArrayList<>();
        try (Children stormers = Children.start(processes, i -> {
            accounts.add(dir.resolve("account-" + i));
            return Child.start(Stormer.class, dir.resolve("store"), accounts.get(i), Campaign.seed() * 1000 + i, how);
        })) {
            for (Child stormer : stormers.all()) {
                stormer.send("go");
            }
            long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            await().atMost(Duration.ofMinutes(10)).until(() -> System.nanoTime() > end);
            stormers.askAll("end").forEach(this::count);
        }
        Accounts all = Accounts.read(accounts);
        assertThat(all.violations()).isEmpty();
        try (Coordinator coordinator = FsCoordinator.open(dir.resolve("store"), "storm")) {
            assertThat(coordinator.locks()).isEmpty();
        }
        Campaign.report(
                "storm, " + how,
                processes + " processes, " + seconds + " s, " + grants + " times all that was wanted, "
                        + all.holds().size() + " grants, " + victims
                        + " victims of a deadlock, no timeout; longest from wish to "
                        + "grant " + longest / 1_000_000 + " ms");
    }

    private void count(String answer) {
        String[] numbers = answer.split(" ", -1);
        assertThat(Long.parseLong(numbers[0])).as("what one got").isPositive();
        grants += Long.parseLong(numbers[0]);
        victims += Long.parseLong(numbers[1]);
        longest = Math.max(longest, Long.parseLong(numbers[2]));
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
        closeACycleOf(7);
    }

    /** Each holds a file and asks for that of the next, one after the other; the last one closes the cycle. */
    private void closeACycleOf(int size) throws IOException {
        Path store = dir.resolve("store");
        try (Children ring = Children.start(size, i -> Child.start(Puppet.class, store, "cycle", "agent-" + i));
                Coordinator coordinator = FsCoordinator.open(store, "cycle")) {
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
            await().during(Duration.ofSeconds(1)).atMost(Duration.ofMinutes(1)).until(() -> nobodyElse(ring, size));
            for (int i = last; i > 0; i--) {
                assertThat(ring.get(i).ask("release f" + i)).isEqualTo("released");
                assertThat(ring.get(i - 1).ask("outcome f" + i)).doesNotContain("Exception");
                assertThat(ring.get(i - 1).ask("release f" + i)).isEqualTo("released");
            }
            assertThat(ring.get(0).ask("release f0")).isEqualTo("released");
            assertThat(coordinator.locks()).isEmpty();
        }
    }

    private static boolean nobodyElse(Children ring, int size) throws IOException {
        boolean anybody = false;
        for (int i = 0; i < size - 1; i++) {
            anybody |= ring.get(i).ask("isdone f" + (i + 1)).equals("true");
        }
        return !anybody;
    }
}
