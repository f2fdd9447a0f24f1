package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Condition;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.SharedState;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed before each call on files of a transaction, or the call fails. Whatever the moment: everybody else finds all of it
 * or nothing, agreeing with what was answered, and of the dead no draft is left.
 */
final class SpoiltTransactionIT {
    private static final int SAMPLE = 8;
    private static final Map<String, String> OLD = Map.of("x", "old", "y", "old", "z", "old");

    @TempDir
    private Path dir;

    private Coordinator coordinator;
    private SharedState state;
    private int all;
    private int none;

    @BeforeAll
    static void needsStrace() {
        Strace.require();
    }

    @BeforeEach
    void open() {
        coordinator = FsCoordinator.open(dir.resolve("store"), "web");
        state = coordinator.join(Participant.named("survivor")).state();
    }

    @AfterEach
    void close() {
        coordinator.close();
    }

    @Test
    void killedBeforeEachCallItIsAllOrNothing() throws IOException {
        killBeforeEachCall("without a log");
    }

    @Test
    void killedBeforeEachCallItIsAllOrNothingInTheLogAsWell() throws IOException {
        writeOften();
        killBeforeEachCall("with a log");
    }

    private void killBeforeEachCall(String how) throws IOException {
        List<Fault> moments = new ArrayList<>();
        counts().forEach((call, count) -> {
            for (int nth = 1; nth <= count; nth++) {
                moments.add(new Fault(call, "", String.valueOf(nth)));
            }
        });
        List<Fault> chosen = Sample.of(moments, SAMPLE);
        for (Fault moment : chosen) {
            reset();
            try (VictimProcess victim = victim();
                    Strace strace = Strace.killing(
                            victim.thread(), dir.resolve("trace"), moment.call(), Integer.parseInt(moment.when()))) {
                String answer = victim.ask("txn new");
                strace.letGo();
                victim.kill();
                boolean done = isAll("killed before " + moment);
                assertThat(answer == null || done)
                        .as("answered %s, killed before %s", answer, moment)
                        .isTrue();
            }
            agreesWithTheLog("killed before " + moment);
            leavesNothing("killed before " + moment);
        }
        Campaign.report(
                "kills in a transaction " + how,
                chosen.size() + " moments of " + moments.size() + ": " + all + " times all of it, " + none
                        + " times nothing");
        if (chosen.size() == moments.size()) {
            assertThat(all).isPositive();
            assertThat(none).isPositive();
        }
    }

    @Test
    void whereACallFailsItIsAllOrNothingAsAnswered() throws IOException {
        failEachCall("without a log");
    }

    @Test
    void whereACallFailsItIsAllOrNothingAsAnsweredAndAsLogged() throws IOException {
        writeOften();
        failEachCall("with a log");
    }

    /** So often that there is a log. */
    private void writeOften() {
        for (int i = 0; i <= WriteAheadLog.OFTEN; i++) {
            reset();
        }
        await().until(() -> new WriteAheadLog(new Layout(dir.resolve("store"), "web"), path -> {}).isThere());
        reset();
    }

    private void failEachCall(String how) throws IOException {
        List<Fault> faults = Sample.of(Fault.all(counts()), SAMPLE);
        List<String> wrong = new ArrayList<>();
        try (VictimProcess victim = victim()) {
            for (Fault fault : faults) {
                reset();
                String answer;
                try (Strace strace = fault.on(victim.thread(), dir.resolve("trace"))) {
                    answer = String.valueOf(victim.ask("txn new"));
                    strace.letGo();
                }
                if (fault.call().equals("fcntl")) {
                    // A lock whose release failed is kept until its process enters again.
                    victim.ask("look");
                }
                boolean done = isAll(fault + ": " + answer);
                agreesWithTheLog(fault.toString());
                boolean unknown = answer.startsWith("refused dev.agentcoord.OutcomeUnknownException");
                if (!unknown && (fault.isWrong(answer) || done != answer.startsWith("done"))) {
                    wrong.add(fault + ": " + answer + ", done: " + done);
                }
                assertThat(victim.ask("txn again")).as("after %s", fault).isEqualTo("done");
            }
            victim.kill();
        }
        leavesNothing("after faults");
        Campaign.report(
                "faults in a transaction " + how,
                faults.size() + " faults: " + all + " times all of it, " + none + " times nothing");
        assertThat(wrong).isEmpty();
    }

    private Map<String, Integer> counts() throws IOException {
        reset();
        try (VictimProcess victim = victim();
                Strace strace = Strace.recording(victim.thread(), dir.resolve("trace"))) {
            assertThat(victim.ask("txn new")).isEqualTo("done");
            strace.letGo();
            return strace.counts();
        }
    }

    private VictimProcess victim() throws IOException {
        VictimProcess victim = new VictimProcess(dir);
        victim.ask("open store");
        victim.ask("join");
        return victim;
    }

    private void reset() {
        state.txn()
                .then(OLD.entrySet().stream()
                        .map(e -> Write.put(e.getKey(), e.getValue().getBytes(StandardCharsets.UTF_8)))
                        .toArray(Write[]::new))
                .commit();
    }

    /** Whether all of it was done; fails when it is neither that nor nothing. */
    private boolean isAll(String why) {
        // One key after the other, as any reader would, then all at once.
        Map<String, String> singly = new TreeMap<>();
        Stream.of("x", "y", "z").forEach(key -> state.get(key).ifPresent(value -> singly.put(key, value.text())));
        TxnResult read = state.txn()
                .when(Condition.exists("no such key"))
                .otherwise("x", "y", "z")
                .commit();
        Map<String, String> atOnce =
                read.found().values().stream().collect(Collectors.toMap(Versioned::key, Versioned::text));
        assertThat(singly).as(why).isEqualTo(atOnce);
        assertThat(singly).as(why).isIn(OLD, Map.of("x", "new", "y", "new"));
        boolean done = !singly.containsKey("z");
        all += done ? 1 : 0;
        none += done ? 0 : 1;
        return done;
    }

    /** What a later boot would do again changes nothing. */
    private void agreesWithTheLog(String why) throws IOException {
        WriteAheadLog log = new WriteAheadLog(new Layout(dir.resolve("store"), "web"), path -> {});
        if (!log.isThere()) {
            return;
        }
        Map<String, Long> latest = new TreeMap<>();
        List<LogRecord.Entry> entries = new ArrayList<>();
        for (byte[] record : log.all()) {
            entries.addAll(LogRecord.decode(record));
        }
        for (LogRecord.Entry entry : entries) {
            if (entry instanceof LogRecord.Value value
                    && !entries.contains(new LogRecord.Undone(value.name(), value.revision()))) {
                latest.put(value.name(), value.content() == null ? Condition.ABSENT : value.revision());
            }
        }
        latest.forEach((key, revision) -> assertThat(
                        state.get(key).map(Versioned::revision).orElse(Condition.ABSENT))
                .as("%s, %s", why, key)
                .isEqualTo(revision));
    }

    private void leavesNothing(String why) {
        Path stateDir = new Layout(dir.resolve("store"), "web").state();
        await().atMost(Duration.ofSeconds(30)).pollInSameThread().untilAsserted(() -> {
            assertThat(coordinator.sessions()).hasSize(1);
            assertThat(Disk.list(stateDir)).as(why).isSubsetOf("x", "y", "z");
        });
    }
}
