package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call on files fails once, and then for a while, with each error that a disk may give, in all that a session does. The answer is
 * a typed error or none; nothing stays half done; and once the fault is over the same process goes on as if nothing had been.
 */
final class FailingCallsIT {
    private static final int SAMPLE = 4;
    private static final Duration IN_THE_END = Duration.ofSeconds(20);

    @TempDir
    private Path dir;

    private Path store;
    private Survivors survivors;
    private VictimProcess victim;
    private int shots;

    /** What is done, what has to be done before, and what undoes it. */
    private record Deed(List<String> before, String step, List<String> undo, List<String> after) {}

    @BeforeAll
    static void needsStrace() {
        Strace.require();
    }

    @BeforeEach
    void begin() throws IOException, InterruptedException {
        store = dir.resolve("store");
        survivors = new Survivors(store);
        victim = new VictimProcess(dir);
        must("open store");
    }

    @AfterEach
    void end() {
        victim.close();
        survivors.close();
    }

    @Test
    void whileJoining() throws Exception {
        failEverywhere(new Deed(List.of(), "join", List.of("close"), List.of()));
    }

    @Test
    void whileLocking() throws Exception {
        failEverywhere(new Deed(List.of("join"), "lock a", List.of("unlock"), List.of("close")));
    }

    @Test
    void whileLockingWhatIsHeldInPart() throws Exception {
        failEverywhere(new Deed(
                List.of("join", "lock-tree b"), "lock-inside b", List.of("unlock"), List.of("unlock", "close")));
    }

    @Test
    void whileLockingMoreThanFitsAName() throws Exception {
        failEverywhere(new Deed(List.of("join"), "lock-long c", List.of("unlock"), List.of("close")));
    }

    @Test
    void whileWaiting() throws Exception {
        failEverywhere(new Deed(List.of("join"), "wait busy 60", List.of(), List.of("close")));
    }

    @Test
    void whileHolding() throws Exception {
        failEverywhere(new Deed(List.of("join", "lock a"), "check", List.of(), List.of("check", "unlock", "close")));
    }

    @Test
    void whileReleasing() throws Exception {
        failEverywhere(new Deed(List.of("join", "lock a"), "unlock", List.of(), List.of("close")));
    }

    @Test
    void whileStealing() throws Exception {
        failEverywhere(new Deed(List.of("join", "rival d"), "steal d", List.of(), List.of("rival-leave", "close")));
    }

    @Test
    void whileLookingAtSessions() throws Exception {
        failEverywhere(new Deed(List.of("join"), "list", List.of(), List.of("close")));
    }

    @Test
    void whileClosing() throws Exception {
        failEverywhere(new Deed(List.of("join", "lock a"), "close", List.of(), List.of("forget")));
    }

    private void failEverywhere(Deed deed) throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Fault fault : Sample.of(faults(deed), SAMPLE)) {
            String answer = fail(fault, deed);
            if (fault.isWrong(answer)) {
                wrong.add(fault + ": " + answer);
            }
        }
        Campaign.report("failing calls", shots + " faults in " + deed.step);
        assertThat(wrong).as("faults in %s", deed.step).isEmpty();
    }

    private List<Fault> faults(Deed deed) throws IOException {
        deed.before.forEach(this::must);
        List<Fault> faults;
        try (Strace strace = Strace.recording(victim.thread(), dir.resolve("trace"))) {
            victim.ask(deed.step);
            strace.letGo();
            faults = Fault.all(strace.counts());
        }
        deed.undo.forEach(this::must);
        deed.after.forEach(this::must);
        return faults;
    }

    /** What was answered; empty when the call was not made that often. */
    private String fail(Fault fault, Deed deed) throws Exception {
        deed.before.forEach(this::must);
        List<String> before = Survivors.names(store);
        String answer;
        try (Strace strace = fault.on(victim.thread(), dir.resolve("trace"))) {
            answer = String.valueOf(victim.ask(deed.step));
            strace.letGo();
            shots += strace.spoiled().isEmpty() ? 0 : 1;
        }
        if (!deed.undo.isEmpty() && answer.startsWith("refused")) {
            awaitNames(before, fault + " in " + deed.step);
            must(deed.step);
        } else if (deed.step.equals("steal d") && answer.startsWith("refused")) {
            victim.ask(deed.step);
        }
        deed.undo.forEach(this::must);
        deed.after.forEach(this::must);
        await().atMost(IN_THE_END)
                .pollInSameThread()
                .untilAsserted(() -> survivors.areAlone("after " + fault + " in " + deed.step));
        return answer;
    }

    private void awaitNames(List<String> names, String why) {
        await().atMost(IN_THE_END)
                .pollInSameThread()
                .untilAsserted(
                        () -> assertThat(Survivors.names(store)).as(why).containsExactlyInAnyOrderElementsOf(names));
    }

    private void must(String step) {
        try {
            assertThat(victim.ask(step)).as(step).startsWith("done");
        } catch (IOException e) {
            throw new AssertionError(step, e);
        }
    }
}
