package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Write;
import dev.agentcoord.spi.StateTxn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads of one process that write at the same time: one is held up in front of the section, and those who come meanwhile go together. */
final class WritesTogetherIT {
    private static final int THREADS = 6;

    @TempDir
    private Path dir;

    private final SessionId alice = SessionId.random();
    private final SessionId bob = SessionId.random();
    private ScratchSpace space;

    @BeforeEach
    void open() throws IOException {
        space = new ScratchSpace(dir);
    }

    @Test
    void valuesWrittenTogetherShareAFileAndEachKeyReadsItsOwn() throws Exception {
        FsStateStore state = space.state();
        List<Callable<TxnResult>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            calls.add(() -> state.commit(put(key(number), "value " + number, List.of())));
        }

        for (Future<TxnResult> done : behindTheFirst(calls)) {
            assertThat(done.get().committed()).isTrue();
        }

        Path file = dir.resolve("state").resolve(KeyName.of(key(1)));
        assertThat(Disk.links(file)).isEqualTo(THREADS - 1);
        for (int i = 0; i < THREADS; i++) {
            assertThat(state.get(key(i)).orElseThrow().text()).isEqualTo("value " + i);
        }
        assertThat(state.list("", "", 100)).hasSize(THREADS);
    }

    /** Some too long for a name that says them in full. */
    private static String key(int number) {
        return number % 2 == 0 ? "key" + number : number + "x".repeat(400);
    }

    @Test
    void ofSeveralWhoCompareAndSetOneKeyTogetherOneDoes() throws Exception {
        FsStateStore state = space.state();
        long revision = state.commit(put("k", "0", List.of())).revision();
        List<Callable<TxnResult>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String value = "by " + i;
            calls.add(() -> state.commit(put("k", value, List.of(Condition.revision("k", revision)))));
        }

        int done = 0;
        for (Future<TxnResult> call : behindTheFirst(calls)) {
            done += call.get().committed() ? 1 : 0;
        }

        assertThat(done).isEqualTo(1);
    }

    @Test
    void allWhoPutOneKeyTogetherDoOneAfterTheOther() throws Exception {
        FsStateStore state = space.state();
        List<Callable<TxnResult>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String value = "by " + i;
            calls.add(() -> state.commit(put("k", value, List.of())));
        }

        long greatest = 0;
        for (Future<TxnResult> call : behindTheFirst(calls)) {
            assertThat(call.get().committed()).isTrue();
            greatest = Math.max(greatest, call.get().revision());
        }

        assertThat(state.get("k").orElseThrow().revision()).isEqualTo(greatest);
        assertThat(Disk.list(dir.resolve("state"))).containsExactly("k");
    }

    @Test
    void aValueThatIsRefusedIsNotReadInPlaceOfOneForTheSameKey() throws Exception {
        FsStateStore state = space.state();
        addSpareRevisions();
        Condition neverHeld = Condition.requireHeld(new FencingToken(1, 2, 0));
        List<Callable<TxnResult>> calls = List.of(
                () -> state.commit(put("first", "v", List.of())),
                () -> state.commit(put("k", "refused", List.of(neverHeld))),
                () -> state.commit(put("k", "right", List.of())),
                () -> state.commit(put("other", "v", List.of())));

        List<Future<TxnResult>> done = behindTheFirst(calls);

        assertThat(done.get(1).get().committed()).isFalse();
        assertThat(done.get(2).get().committed()).isTrue();
        assertThat(state.get("k").orElseThrow().text()).isEqualTo("right");
    }

    /** With one at hand each value is written before anybody looks whether it is to be refused. */
    private void addSpareRevisions() {
        for (int i = 0; i < THREADS; i++) {
            space.state.memory().addSpare(space.section.run(turn -> {
                long revision = turn.nextPosition();
                turn.announce(Change.Kind.NONE, "");
                return new StateMemory.Reserved(revision, turn.change());
            }));
        }
    }

    @Test
    void tasksPutTogetherShareAFileAndAreEachTheirSessions() throws Exception {
        List<Callable<List<TaskInfo>>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            FsTaskStore queue = space.queue("work", i % 2 == 0 ? alice : bob);
            NewTask task = NewTask.of("task " + i).id(new TaskId("t" + i));
            calls.add(() -> queue.enqueue(List.of(task)));
        }

        for (Future<List<TaskInfo>> done : behindTheFirst(calls)) {
            assertThat(done.get()).hasSize(1);
        }

        FsTaskStore queue = space.queue("work", alice);
        for (int i = 0; i < THREADS; i++) {
            assertThat(queue.find(new TaskId("t" + i)).orElseThrow().payloadText())
                    .isEqualTo("task " + i);
        }
        String mine = "~" + TaskName.by(bob) + "~";
        Path bucket = bucket();
        assertThat(Disk.list(bucket)).filteredOn(name -> name.contains(mine)).hasSize(THREADS / 2);
        assertThat(Disk.links(bucket.resolve(nameOf(bucket, "t1")))).isEqualTo(THREADS - 1);
        assertThat(Disk.list(dir.resolve("tmp"))).isEmpty();
    }

    @Test
    void oneThatIsRefusedIsInNobodysWay() throws Exception {
        FsTaskStore queue = space.queue("work", alice);
        List<Callable<List<TaskInfo>>> calls = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            NewTask task = NewTask.of("task " + i).id(new TaskId("t" + i));
            NewTask asked = i == 2 ? task.dependsOn(Set.of(new TaskId("nobody"))) : task;
            calls.add(() -> queue.enqueue(List.of(asked)));
        }

        List<Future<List<TaskInfo>>> done = behindTheFirst(calls);

        assertThatThrownBy(done.get(2)::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InvalidRequestException.class);
        for (int i = 0; i < THREADS; i++) {
            Optional<TaskInfo> task = queue.find(new TaskId("t" + i));
            assertThat(task.isPresent()).as("task %d", i).isEqualTo(i != 2);
        }
        assertThat(Disk.links(bucket().resolve(nameOf(bucket(), "t1")))).isEqualTo(THREADS - 2);
    }

    @Test
    void whatWasDoneBeforeAnotherFailedIsToldToTheLog() throws Exception {
        space.log.make();
        FsTaskStore queue = space.queue("work", alice);
        Files.createDirectories(dir.resolve("queues/work/ids/t2/planted"));
        List<Callable<List<TaskInfo>>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            NewTask task = NewTask.of("task " + i).id(new TaskId("t" + i));
            calls.add(() -> queue.enqueue(List.of(task)));
        }

        List<Future<List<TaskInfo>>> done = behindTheFirst(calls);

        assertThat(done.get(1).get()).hasSize(1);
        assertThatThrownBy(done.get(2)::get).isInstanceOf(ExecutionException.class);
        List<LogRecord.Entry> logged = new ArrayList<>();
        for (byte[] record : space.log.all()) {
            logged.addAll(LogRecord.decode(record));
        }
        assertThat(logged).hasSize(2).allMatch(entry -> ((LogRecord.Task) entry).content() != null);
    }

    private Path bucket() throws IOException {
        Path ready = new QueueLayout(dir.resolve("queues").resolve("work")).ready(QueueLayout.ANYONE, 5);
        return ready.resolve(Disk.list(ready)[0]);
    }

    private static String nameOf(Path bucket, String id) throws IOException {
        return List.of(Disk.list(bucket)).stream()
                .filter(name -> TaskName.isOf(name, new TaskId(id)))
                .findFirst()
                .orElseThrow();
    }

    private static StateTxn put(String key, String value, List<Condition> conditions) {
        return new StateTxn(conditions, List.of(Write.put(key, value.getBytes(StandardCharsets.UTF_8))), List.of());
    }

    /** Starts the calls one after the other while the section is taken, and lets go once all wait. */
    private <T> List<Future<T>> behindTheFirst(List<Callable<T>> calls) throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        Semaphore leave = new Semaphore(0);
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> space.section.run(turn -> {
            inside.countDown();
            leave.acquireUninterruptibly();
            return turn;
        }));
        inside.await();
        List<Future<T>> results = new ArrayList<>();
        for (Callable<T> call : calls) {
            FutureTask<T> result = new FutureTask<>(call);
            Thread thread = new Thread(result);
            thread.setDaemon(true);
            thread.start();
            await().atMost(Duration.ofMinutes(1))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> isWaiting(thread));
            results.add(result);
        }
        leave.release();
        holder.join();
        return results;
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }
}
