package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A process is killed right before each of its calls on files, one after the other, in all that it does from opening a store to leaving
 * it. Whatever the moment: who waits gets the lock, nothing is left after one sweep, no position comes twice, nobody else loses any.
 */
@Isolated("what is promised within a second must not wait for other tests")
final class KilledAnywhereIT {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final int STARTED_AHEAD = 2;
    private static final List<String> JOINED = List.of("open store", "join");

    private static VictimsAhead victims;

    @TempDir
    private Path dir;

    private Survivors survivors;
    private boolean haunted;
    private Duration slowest = Duration.ZERO;

    @BeforeAll
    static void needsStrace() {
        Strace.require();
        victims = new VictimsAhead(STARTED_AHEAD);
    }

    @AfterAll
    static void endVictims() {
        if (victims != null) {
            victims.close();
        }
    }

    @BeforeEach
    void begin() throws IOException, InterruptedException {
        survivors = new Survivors(dir.resolve("store"));
    }

    @AfterEach
    void end() {
        survivors.close();
    }

    @Test
    void whoOpensTheStoreAndJoins() throws Exception {
        killEverywhere(LockRequest.exclusive(Item.file("a")), List.of(), List.of("open store", "join"));
    }

    @Test
    void whoLocksOneFile() throws Exception {
        killEverywhere(LockRequest.exclusive(Item.file("a")), JOINED, List.of("lock a", "unlock", "close"));
    }

    @Test
    void whoLocksWhatItHoldsInPart() throws Exception {
        LockRequest tree = LockRequest.exclusive(Item.tree("b"));
        killEverywhere(tree, JOINED, List.of("lock-tree b", "lock-inside b", "unlock", "unlock", "close"));
    }

    @Test
    void whoseRequestIsTooLongForAName() throws Exception {
        killEverywhere(Victim.manyFiles("c"), JOINED, List.of("lock-long c", "unlock", "close"));
    }

    @Test
    void whoWaitsBehindAnotherAndGivesUp() throws Exception {
        killEverywhere(LockRequest.exclusive(Item.file("behind")), JOINED, List.of("wait busy 30", "close"));
    }

    @Test
    void whoRemovesWhatADeadHolderLeft() throws Exception {
        haunted = true;
        killEverywhere(LockRequest.exclusive(Item.file("a")), JOINED, List.of("lock a", "unlock", "close"));
    }

    private void killEverywhere(LockRequest wanted, List<String> before, List<String> steps) throws Exception {
        Map<String, Integer> counts = record(wanted, before, steps);
        int shots = 0;
        for (Moment moment : Moment.allOf(counts)) {
            if (killAt(moment, wanted, before, steps)) {
                shots++;
            }
        }
        String life = String.join(", ", steps);
        Campaign.report(
                "kills", shots + " in " + life + " " + counts + ", slowest grant after " + slowest.toMillis() + " ms");
    }

    private Map<String, Integer> record(LockRequest wanted, List<String> before, List<String> steps) throws Exception {
        try (VictimProcess victim = next(before);
                Strace strace = Strace.recording(victim.thread(), dir.resolve("trace"))) {
            assertThat(live(victim, wanted, steps)).isTrue();
            strace.letGo();
            if (survivors.heirWaits()) {
                survivors.heirGets(System.nanoTime());
            }
            return strace.counts();
        }
    }

    /** False when the victim got through to its end. */
    private boolean killAt(Moment moment, LockRequest wanted, List<String> before, List<String> steps)
            throws Exception {
        try (VictimProcess victim = next(before);
                Strace strace = Strace.killing(victim.thread(), dir.resolve("trace"), moment.call(), moment.nth())) {
            boolean killed = !live(victim, wanted, steps);
            long end = System.nanoTime();
            strace.letGo();
            if (!survivors.heirWaits()) {
                survivors.heirWants(wanted);
            }
            Duration took = survivors.heirGets(end);
            slowest = took.compareTo(slowest) > 0 ? took : slowest;
            assertThat(took).as("after a kill before %s", moment).isLessThan(SOON);
            if (!killed) {
                victim.kill();
            }
            survivors.areAlone("after a kill before " + moment);
            return killed;
        }
    }

    /** Whether the victim lives through all its steps. While it holds something the heir waits behind it. */
    private boolean live(VictimProcess victim, LockRequest wanted, List<String> steps) throws IOException {
        for (String step : steps) {
            String answer = victim.ask(step);
            if (answer == null) {
                victim.awaitEnd();
                return false;
            }
            assertThat(answer).as(step).matches("done.*|refused .*WaitTimeoutException.*");
            if (step.startsWith("lock") && answer.startsWith("done ")) {
                survivors.sawGranted(FencingToken.parse(answer.substring("done ".length())));
                survivors.heirWants(wanted);
            }
        }
        return true;
    }

    private VictimProcess next(List<String> before) throws IOException {
        VictimProcess next = victims.next(dir);
        for (String step : before) {
            next.ask(step);
        }
        if (haunted) {
            survivors.leaveADeadHolder(LockRequest.exclusive(Item.file("a")));
        }
        return next;
    }
}
