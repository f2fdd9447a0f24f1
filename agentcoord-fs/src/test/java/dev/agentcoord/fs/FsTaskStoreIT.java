package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FsTaskStoreIT {
    @TempDir
    private Path dir;

    private final SessionId alice = SessionId.random();
    private final SessionId bob = SessionId.random();
    private ScratchSpace space;
    private FsTaskStore queue;

    @BeforeEach
    void openQueue() throws IOException {
        space = new ScratchSpace(dir);
        queue = space.queue("work", alice);
    }

    @Test
    void aTaskIsDeliveredAsItWasEnqueued() {
        queue.enqueue(List.of(NewTask.of("rename").headers(Map.of("file", "src/A.java"))));
        Delivery delivery = queue.claim().orElseThrow();
        assertThat(delivery.task().payloadText()).isEqualTo("rename");
        assertThat(delivery.task().headers()).containsEntry("file", "src/A.java");
        assertThat(delivery.task().attempt()).isEqualTo(1);
        assertThat(queue.claim()).isEmpty();
    }

    @Test
    void priorityComesFirstThenTheOrderOfEnqueueing() {
        for (String text : List.of("5a", "5b", "0a", "9a", "0b")) {
            queue.enqueue(List.of(NewTask.of(text).priority(text.charAt(0) - '0')));
        }
        List<String> order = new ArrayList<>();
        Stream.generate(queue::claim)
                .limit(5)
                .forEach(d -> order.add(d.orElseThrow().task().payloadText()));
        assertThat(order).containsExactly("0a", "0b", "5a", "5b", "9a");
    }

    @Test
    void anIdAlreadyKnownFindsTheFirstTaskWhateverBecameOfIt() {
        NewTask task = NewTask.of("once").id(new TaskId("t1"));
        queue.enqueue(List.of(task));
        assertThat(queue.enqueue(List.of(task)).get(0).state()).isEqualTo(TaskState.READY);
        queue.finish(queue.claim().orElseThrow(), new Ending.Done("ok"));
        assertThat(queue.enqueue(List.of(task)).get(0).state()).isEqualTo(TaskState.DONE);
        assertThat(queue.claim()).isEmpty();
    }

    @Test
    void anEnqueueThatDiedHalfWayIsFinishedByTheNextOfThatId() throws IOException {
        Files.writeString(dir.resolve("queues/work/ids/t1"), "left by the dead");
        queue.enqueue(List.of(NewTask.of("whole").id(new TaskId("t1"))));
        assertThat(queue.claim().orElseThrow().task().payloadText()).isEqualTo("whole");
    }

    @Test
    void completingKeepsTheResultAndHappensOnce() {
        queue.enqueue(List.of(NewTask.of("x").id(new TaskId("t1"))));
        Delivery delivery = queue.claim().orElseThrow();
        queue.finish(delivery, new Ending.Done("merged"));
        assertThat(queue.find(new TaskId("t1")).map(TaskInfo::outcome)).contains("merged");
        assertThatThrownBy(() -> queue.finish(delivery, new Ending.Done("again")))
                .isInstanceOf(StaleClaimException.class);
        assertThat(queue.find(new TaskId("t1")).map(TaskInfo::outcome)).contains("merged");
    }

    @Test
    void aFailedTaskComesBackAtItsTimeWithItsCause() {
        queue.enqueue(List.of(NewTask.of("x")));
        queue.finish(queue.claim().orElseThrow(), new Ending.Again(Duration.ofSeconds(10), "tests red", true));
        assertThat(queue.claim()).isEmpty();
        assertThat(queue.list(TaskState.SCHEDULED, "", 9).tasks())
                .singleElement()
                .satisfies(t -> assertThat(t.outcome()).isEqualTo("tests red"));
        space.pass(Duration.ofSeconds(10));
        assertThat(queue.claim().orElseThrow().task().attempt()).isEqualTo(2);
    }

    @Test
    void givingATaskBackIsNoAttemptButStillANewDelivery() {
        queue.enqueue(List.of(NewTask.of("x")));
        Delivery first = queue.claim().orElseThrow();
        queue.finish(first, new Ending.Again(Duration.ZERO, "", false));
        Delivery second = queue.claim().orElseThrow();
        assertThat(second.task().attempt()).isEqualTo(1);
        assertThat(second.token()).isGreaterThan(first.token());
    }

    @Test
    void aDelayedTaskIsNotClaimableBeforeItsTime() {
        queue.enqueue(List.of(NewTask.of("later").delay(Duration.ofMinutes(1))));
        space.pass(Duration.ofSeconds(59));
        assertThat(queue.claim()).isEmpty();
        space.pass(Duration.ofSeconds(1));
        assertThat(queue.claim()).isPresent();
    }

    @Test
    void theTaskOfAnEndedSessionIsDeliveredAgainAndTheOldClaimIsStale() {
        queue.enqueue(List.of(NewTask.of("x")));
        Delivery lost = queue.claim().orElseThrow();
        FsTaskStore other = space.queue("work", bob);
        assertThat(other.claim()).isEmpty();
        space.ended.add(alice);
        Delivery again = other.claim().orElseThrow();
        assertThat(again.task().attempt()).isEqualTo(2);
        assertThat(again.token()).isGreaterThan(lost.token());
        assertThatThrownBy(() -> queue.finish(lost, new Ending.Done("late"))).isInstanceOf(StaleClaimException.class);
        other.finish(again, new Ending.Done("ok"));
    }

    @Test
    void whatAClosingSessionClaimsIsReadyAtOnce() {
        queue.enqueue(List.of(NewTask.of("x")));
        assertThat(queue.claim()).isPresent();
        queue.giveBack(space.section::run, alice);
        assertThat(space.queue("work", bob).status().depth())
                .containsEntry(TaskState.READY, 1)
                .containsEntry(TaskState.CLAIMED, 0);
    }

    @Test
    void aCrashLoopEndsAsADeadLetter() {
        queue.enqueue(List.of(NewTask.of("poison").maxAttempts(2).id(new TaskId("t1"))));
        for (int i = 0; i < 2; i++) {
            SessionId victim = SessionId.random();
            assertThat(space.queue("work", victim).claim()).isPresent();
            space.ended.add(victim);
        }
        assertThat(queue.claim()).isEmpty();
        assertThat(queue.find(new TaskId("t1"))).hasValueSatisfying(task -> {
            assertThat(task.state()).isEqualTo(TaskState.DEAD);
            assertThat(task.outcome()).isEqualTo("its claimer, tester, died");
        });
    }

    @Test
    void depthCountsEveryState() {
        for (int i = 0; i < 4; i++) {
            queue.enqueue(List.of(NewTask.of("x" + i)));
        }
        queue.finish(queue.claim().orElseThrow(), new Ending.Done(""));
        queue.finish(queue.claim().orElseThrow(), new Ending.Dead("no"));
        assertThat(queue.claim()).isPresent();
        assertThat(queue.status().depth())
                .containsEntry(TaskState.READY, 1)
                .containsEntry(TaskState.CLAIMED, 1)
                .containsEntry(TaskState.DONE, 1)
                .containsEntry(TaskState.DEAD, 1)
                .containsEntry(TaskState.SCHEDULED, 0);
    }

    @Test
    void racingClaimersNeverGetOneTaskTwice() throws Exception {
        int tasks = 200;
        for (int i = 0; i < tasks; i++) {
            queue.enqueue(List.of(NewTask.of("x" + i)));
        }
        Set<TaskId> claimed = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Integer> claimAll = () -> {
                FsTaskStore mine = space.queue("work", SessionId.random());
                int count = 0;
                for (var d = mine.claim(); d.isPresent(); d = mine.claim(), count++) {
                    claimed.add(d.get().task().id());
                }
                return count;
            };
            int sum = 0;
            for (Future<Integer> count : threads.invokeAll(java.util.Collections.nCopies(8, claimAll))) {
                sum += count.get();
            }
            assertThat(sum).isEqualTo(tasks);
            assertThat(claimed).hasSize(tasks);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aForeignFileIsNamedNotSkippedNotDeleted() throws IOException {
        Path foreign = dir.resolve("queues/work/claimed/README");
        Files.writeString(foreign, "?");
        assertThatThrownBy(queue::status)
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining("README");
        assertThat(foreign).exists();
    }

    @Test
    void nothingIsLeftInTmp() throws IOException {
        queue.enqueue(List.of(NewTask.of("x".getBytes(StandardCharsets.UTF_8)).id(new TaskId("t1"))));
        queue.enqueue(List.of(NewTask.of("x").id(new TaskId("t1"))));
        queue.finish(queue.claim().orElseThrow(), new Ending.Done("r"));
        try (Stream<Path> left = Files.list(dir.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void anInterruptedThreadStillEnqueuesAndStaysInterrupted() {
        Thread.currentThread().interrupt();
        queue.enqueue(List.of(NewTask.of("x")));
        assertThat(queue.claim()).isPresent();
        assertThat(Thread.interrupted()).isTrue();
    }
}
