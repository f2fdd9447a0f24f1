package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Recipient;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Giver or taker of a task with five locks is killed right before each of its calls on files. Whatever the moment: as long as the task
 * has not ended the files are the giver's, the task's or the taker's, as others look on and try to get them; whoever claims the task next
 * has all of them, with later tokens; and when the task has ended they are everybody's.
 */
final class HandOffKilledIT {
    private static final long PATIENCE_SECONDS = 60;
    private static final int STARTED_AHEAD = 2;
    private static final List<String> JOINED = List.of("open store", "join");

    private static VictimsAhead victims;

    @TempDir
    private Path dir;

    private Coordinator coordinator;
    private Session heir;
    private Session third;
    private Session thief;
    private Space space;
    private int rounds;
    private long looks;

    /** Who does what. */
    private record Scene(List<String> steps, boolean begunByOther, boolean ofTheSession) {}

    /** One life of a victim, in a queue of its own. */
    private record Round(String queue, Owner task, List<Item> files, List<String> steps) {}

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
    void begin() {
        coordinator = FsCoordinator.open(dir.resolve("store"), "web");
        heir = coordinator.join(Participant.named("heir"));
        third = coordinator.join(Participant.named("third"));
        thief = coordinator.join(Participant.named("thief"));
        space = Space.open(dir.resolve("store"), "web", FsOptions.defaults());
    }

    @AfterEach
    void end() {
        coordinator.close();
    }

    @Test
    void whoClaimsLocksAndHandsOff() throws Exception {
        killEverywhere(new Scene(List.of("claim Q", "five-under F", "handoff", "close"), false, false));
    }

    @Test
    void whoHandsOffWhatTheSessionHeld() throws Exception {
        killEverywhere(new Scene(List.of("claim Q", "five F", "handoff-five", "close"), false, true));
    }

    @Test
    void whoTakesAndEndsTheTask() throws Exception {
        killEverywhere(new Scene(List.of("claim Q", "complete", "close"), true, false));
    }

    @Test
    void whoTakesAndHandsOn() throws Exception {
        killEverywhere(new Scene(List.of("claim Q", "handoff", "claim Q", "close"), true, false));
    }

    private void killEverywhere(Scene scene) throws Exception {
        Map<String, Integer> counts = record(scene);
        int shots = 0;
        for (Moment moment : Moment.allOf(counts)) {
            shots += killAt(moment, scene) ? 1 : 0;
        }
        String life = String.join(", ", scene.steps);
        Campaign.report("hand-off", shots + " kills in " + life + " " + counts + ", " + looks + " looks");
    }

    private Map<String, Integer> record(Scene scene) throws Exception {
        Round round = round(scene);
        try (VictimProcess victim = next();
                HandOffWatch watch = watch(round, () -> true)) {
            int before = beginAsGiver(scene, round, watch);
            try (Strace strace = Strace.recording(victim.thread(), dir.resolve("trace"))) {
                assertThat(live(victim, round, watch)).isTrue();
                strace.letGo();
                inherit(round, watch, before);
                assertThat(watch.wrong()).isEmpty();
                return strace.counts();
            }
        }
    }

    /** False when the victim got through to its end. */
    private boolean killAt(Moment moment, Scene scene) throws Exception {
        Round round = round(scene);
        try (VictimProcess victim = next();
                HandOffWatch watch = watch(round, () -> !scene.ofTheSession || victim.isAlive())) {
            int before = beginAsGiver(scene, round, watch);
            try (Strace strace = Strace.killing(victim.thread(), dir.resolve("trace"), moment.call(), moment.nth())) {
                boolean killed = !live(victim, round, watch);
                strace.letGo();
                inherit(round, watch, before);
                assertThat(watch.wrong()).as("with a kill before %s", moment).isEmpty();
                victim.kill();
                nothingIsLeft("after a kill before " + moment);
                return killed;
            }
        }
    }

    private Round round(Scene scene) {
        String name = "q" + ++rounds;
        TaskId id = heir.queue(name).enqueue(NewTask.of("x").maxAttempts(9)).id();
        List<String> steps = scene.steps.stream()
                .map(step -> step.replace("Q", name).replace("F", "dir-" + rounds))
                .toList();
        return new Round(name, Owner.task(name, id), Victim.fiveFiles("dir-" + rounds), steps);
    }

    private HandOffWatch watch(Round round, BooleanSupplier ownerLives) {
        return new HandOffWatch(space, thief, round.files, round.task, ownerLives);
    }

    /** Claims, locks and hands off before a taker does anything; returns the number of the delivery. */
    private int beginAsGiver(Scene scene, Round round, HandOffWatch watch) throws InterruptedException {
        if (!scene.begunByOther) {
            return 0;
        }
        Claim claim = heir.queue(round.queue).claim(Wait.none());
        for (Item file : round.files) {
            heir.locks().acquire(LockRequest.exclusive(file).under(claim), Wait.none());
        }
        watch.allAreTheTasks();
        claim.handoff(Recipient.anyone(), "your turn");
        return claim.token().generation();
    }

    /** Whether the victim lives through all its steps. */
    private static boolean live(VictimProcess victim, Round round, HandOffWatch watch) throws Exception {
        for (String step : round.steps) {
            if (step.equals("complete")) {
                watch.mayEnd();
            }
            String answer = victim.ask(step);
            if (answer == null) {
                victim.awaitEnd();
                return false;
            }
            assertThat(answer).as(step).startsWith("done");
            if (step.startsWith("five-under") || step.equals("handoff-five")) {
                watch.allAreTheTasks();
            } else if (step.startsWith("five")) {
                watch.allAreHeld();
            }
        }
        return true;
    }

    /** Whoever comes next gets the task with all that was locked, or finds it ended; then the files are free. */
    private void inherit(Round round, HandOffWatch watch, int before) throws Exception {
        List<CompletableFuture<Grant>> others = new ArrayList<>();
        for (Item file : round.files) {
            others.add(third.locks()
                    .acquireAsync(LockRequest.exclusive(file), Wait.upTo(Duration.ofSeconds(PATIENCE_SECONDS))));
        }
        Claim claim = claimUnlessEnded(round);
        if (claim != null) {
            assertThat(claim.token().generation()).isGreaterThan(before);
            List<Grant> inherited = claim.grants();
            inherited.forEach(Grant::verify);
            assertThat(inherited)
                    .allSatisfy(grant -> assertThat(grant.token().generation())
                            .isEqualTo(claim.token().generation()));
            if (watch.wereTheTasks()) {
                assertThat(inherited).hasSize(round.files.size());
                assertThat(others).noneMatch(CompletableFuture::isDone);
            }
            watch.mayEnd();
            claim.complete("inherited");
        }
        for (CompletableFuture<Grant> other : others) {
            try (Grant grant = other.get(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                grant.verify();
            }
        }
        looks += watch.looks();
    }

    private @Nullable Claim claimUnlessEnded(Round round) throws InterruptedException {
        TaskQueue queue = heir.queue(round.queue);
        TaskId id = new TaskId(round.task.id().substring(round.queue.length() + 1));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (System.nanoTime() < end) {
            Claim claim = queue.tryClaim().orElse(null);
            if (claim != null || queue.find(id).orElseThrow().state().isEnd()) {
                return claim;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("nobody can claim " + round.task);
    }

    private void nothingIsLeft(String why) throws IOException {
        assertThat(coordinator.sessions()).as(why).hasSize(3);
        assertThat(coordinator.locks()).as(why).isEmpty();
        assertThat(Disk.list(space.layout().taskLocks())).as(why).isEmpty();
        assertThat(Disk.list(space.layout().locks())).as(why).containsExactly("tasks");
        // The living may be about to look at the clock of the store.
        await().alias(why)
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .untilAsserted(() -> assertThat(Disk.list(space.layout().tmp())).isEmpty());
    }

    private VictimProcess next() throws IOException {
        VictimProcess next = victims.next(dir);
        for (String step : JOINED) {
            next.ask(step);
        }
        return next;
    }
}
