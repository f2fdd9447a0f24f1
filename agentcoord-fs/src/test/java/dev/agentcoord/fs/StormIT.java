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
    private static final int MOST_STORMS = 5;

    @TempDir
    private Path dir;

    private int storms;
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
        // On a busy machine few may have asked for more by then.
        for (int storm = 0; victims == 0 && storm < MOST_STORMS; storm++) {
            storm("piecemeal");
        }
        assertThat(victims).isPositive();
    }

    private void storm(String how) throws IOException {
        int processes = Campaign.size(6, 32);
        int seconds = Campaign.size(2, 60);
        List<Path> accounts = new ArrayList<>();
        storms++;
        try (Children stormers = Children.start(processes, i -> {
            accounts.add(dir.resolve("account-" + storms + "-" + i));
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
}
