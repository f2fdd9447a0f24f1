package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a queue lies on the disk: buckets, what several processes know of each other, what is left half done, what is not kept. */
final class FsQueueIT {
    @TempDir
    private Path dir;

    private ScratchSpace space;
    private FsTaskStore queue;
    private Path home;

    @BeforeEach
    void open() throws IOException {
        space = new ScratchSpace(dir);
        queue = space.queue("work", SessionId.random());
        home = dir.resolve("queues/work");
    }

    private static List<NewTask> tasks(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> NewTask.of("x").id(new TaskId("t" + i)))
                .toList();
    }

    private String claimId(FsTaskStore from) {
        Delivery delivery = from.claim().orElseThrow();
        from.finish(delivery, new Ending.Done(""));
        return delivery.task().id().text();
    }

    @Test
    void aBucketHoldsAtMost512AndABucketOnceLeftNeverReceivesAgain() throws IOException {
        Set<String> left = new HashSet<>();
        Set<String> before = Set.of();
        for (int i = 0; i < 1_500; i += 100) {
            queue.enqueue(tasks(i, i + 100));
            // Positions are taken by others as well, so that they are no measure of how full a bucket is.
            space.section.run(turn -> {
                for (int n = 0; n < 700; n++) {
                    turn.nextPosition();
                }
                turn.announce(Change.Kind.NONE, "");
                return turn;
            });
            for (int n = 0; n < 60; n++) {
                Delivery delivery = queue.claim().orElseThrow();
                Ending ending = n % 7 == 0 ? new Ending.Again(Duration.ofSeconds(1), "", true) : new Ending.Done("");
                queue.finish(delivery, ending);
            }
            space.pass(Duration.ofSeconds(2));
            Set<String> now = new TreeSet<>();
            for (String bucket : Disk.list(home.resolve("ready/5"))) {
                assertThat(Disk.list(home.resolve("ready/5").resolve(bucket))).hasSizeLessThanOrEqualTo(512);
                now.add(bucket);
            }
            before.stream().filter(bucket -> !now.contains(bucket)).forEach(left::add);
            assertThat(left).noneMatch(now::contains);
            before = now;
        }
        assertThat(before).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void aTaskThatComesBackToABucketThatWasLeftGetsAnotherOne() throws IOException {
        queue.enqueue(tasks(0, 600));
        String first = Schedule.sorted(home.resolve("ready/5"))[0];
        Delivery delivery = queue.claim().orElseThrow();
        for (int n = 1; n < 520; n++) {
            assertThat(queue.claim()).isPresent();
        }
        assertThat(Disk.list(home.resolve("ready/5"))).hasSize(1).doesNotContain(first);
        queue.finish(delivery, new Ending.Again(Duration.ZERO, "", false));
        assertThat(Disk.list(home.resolve("ready/5"))).hasSize(2).doesNotContain(first);
    }

    @Test
    void theLastBucketStaysForTheTasksToCome() throws IOException {
        queue.enqueue(tasks(0, 1));
        String[] before = Disk.list(home.resolve("ready/5"));
        assertThat(claimId(queue)).isEqualTo("t0");
        assertThat(queue.claim()).isEmpty();
        queue.enqueue(tasks(1, 2));
        assertThat(Disk.list(home.resolve("ready/5"))).containsExactly(before);
        assertThat(claimId(queue)).isEqualTo("t1");
    }

    @Test
    void processesThatTakeTurnsKnowOfEachOthersTasks() {
        FsTaskStore other = space.foreignQueue("work", SessionId.random());
        for (int round = 0; round < 30; round++) {
            queue.enqueue(tasks(3 * round, 3 * round + 3));
            assertThat(claimId(round % 2 == 0 ? queue : other)).isEqualTo("t" + 3 * round);
            assertThat(claimId(other)).isEqualTo("t" + (3 * round + 1));
            assertThat(claimId(queue)).isEqualTo("t" + (3 * round + 2));
            assertThat(other.claim()).isEmpty();
        }
        assertThat(queue.status().depth()).containsEntry(TaskState.DONE, 90);
    }

    @Test
    void aTaskGivenBackByAnotherProcessIsFirstAgain() {
        FsTaskStore other = space.foreignQueue("work", SessionId.random());
        queue.enqueue(tasks(0, 600));
        List<Delivery> taken = Stream.generate(other::claim)
                .limit(550)
                .map(delivery -> delivery.orElseThrow())
                .toList();
        assertThat(queue.claim().orElseThrow().task().id().text()).isEqualTo("t550");
        other.finish(taken.get(7), new Ending.Again(Duration.ZERO, "", false));
        assertThat(queue.claim().orElseThrow().task().id().text()).isEqualTo("t7");
        assertThat(other.claim().orElseThrow().task().id().text()).isEqualTo("t551");
    }

    @Test
    void whoeverComesNextFinishesTheEndOfATaskThatOthersWaitFor() throws IOException {
        TaskId first = new TaskId("first");
        queue.enqueue(List.of(
                NewTask.of("1").id(first).orderingKey("k"),
                NewTask.of("2").id(new TaskId("second")).orderingKey("k"),
                NewTask.of("3").id(new TaskId("after")).dependsOn(Set.of(first)).priority(9)));
        Delivery delivery = queue.claim().orElseThrow();
        // As if its process had died after the rename and before anything else.
        Path claimed = home.resolve("claimed").resolve(Disk.list(home.resolve("claimed"))[0]);
        TaskName name = QueueTurn.parse(claimed);
        Links.make(home.resolve("unsettled"), "first/" + Links.hash("k"));
        Path ended = home.resolve("ended").resolve(QueueLayout.range(name.number()) + "~" + TaskName.hex(9));
        Files.createDirectories(ended);
        Files.move(claimed, ended.resolve(name.at(0)));
        assertThat(delivery.task().id()).isEqualTo(first);

        FsTaskStore other = space.foreignQueue("work", SessionId.random());
        assertThat(claimId(other)).isEqualTo("second");
        assertThat(claimId(other)).isEqualTo("after");
        assertThat(home.resolve("unsettled")).doesNotExist();
        assertThat(Disk.list(home.resolve("keys"))).isEmpty();
        assertThat(Disk.list(home.resolve("dependents"))).isEmpty();
    }

    @Test
    void anEnqueueThatDiedHoldingAnOrderingKeyKeepsItFromNobody() throws IOException {
        String key = Links.hash("k");
        Files.createDirectories(home.resolve("keys").resolve(key).resolve("waiting"));
        Links.make(home.resolve("unsettled"), "lost/" + key);
        Links.make(home.resolve("keys").resolve(key).resolve("first"), "lost");

        FsTaskStore other = space.foreignQueue("work", SessionId.random());
        other.enqueue(List.of(NewTask.of("1").id(new TaskId("t1")).orderingKey("k")));
        assertThat(claimId(other)).isEqualTo("t1");
    }

    @Test
    void anEndThatDidNotHappenIsNotFinished() throws IOException {
        queue.enqueue(List.of(
                NewTask.of("1").id(new TaskId("first")).orderingKey("k"),
                NewTask.of("2").id(new TaskId("second")).orderingKey("k")));
        assertThat(queue.claim()).isPresent();
        Links.make(home.resolve("unsettled"), "first/" + Links.hash("k"));

        FsTaskStore other = space.foreignQueue("work", SessionId.random());
        assertThat(other.claim()).isEmpty();
        assertThat(home.resolve("unsettled")).doesNotExist();
    }

    @Test
    void ofWhatHasEndedOnlyTheLatest10000AreKeptAndTheirIdsForADay() throws IOException {
        int tasks = 10_040;
        queue = space.unsynced().queue("work", SessionId.random());
        for (int from = 0; from < tasks; from += 1_000) {
            queue.enqueue(tasks(from, Math.min(tasks, from + 1_000)));
        }
        for (int i = 0; i < tasks; i++) {
            claimId(queue);
            if (i % 1_000 == 0) {
                space.pass(Duration.ofMillis(1));
            }
        }
        FsTaskStore.Context context = space.context(SessionId.random());
        new QueuePruner(space.shared("work")).run(context);

        assertThat(queue.status().depth()).containsEntry(TaskState.DONE, 10_000);
        assertThat(queue.find(new TaskId("t0"))).isEmpty();
        assertThat(queue.enqueue(tasks(0, 1)).get(0).state()).isEqualTo(TaskState.DONE);
        assertThat(queue.claim()).isEmpty();
        space.pass(Duration.ofHours(26));
        new QueuePruner(space.shared("work")).run(context);
        assertThat(queue.enqueue(tasks(0, 1)).get(0).state()).isEqualTo(TaskState.READY);
    }

    @Test
    void aTaskThatCannotBeReadIsNobodysAndIsClaimedOnceItCan() throws IOException {
        queue.enqueue(tasks(0, 1));
        Path ready = home.resolve("ready/5");
        Path bucket = ready.resolve(Disk.list(ready)[0]);
        Path file = bucket.resolve(Disk.list(bucket)[0]);
        byte[] content = Files.readAllBytes(file);
        Files.write(file, new byte[] {'?'});

        assertThatThrownBy(queue::claim).isInstanceOf(CorruptRecordException.class);

        assertThat(Disk.list(home.resolve("claimed"))).isEmpty();
        bucket = ready.resolve(Disk.list(ready)[0]);
        Files.write(bucket.resolve(Disk.list(bucket)[0]), content);
        assertThat(queue.claim().orElseThrow().task().attempt()).isEqualTo(1);
    }

    @Test
    void aNameThatIsNoSessionsAmongThoseThatWaitKeepsNobodyFromEnqueueing() throws IOException {
        Files.createDirectories(home.resolve("waiting").resolve("junk"));

        queue.enqueue(tasks(0, 1));

        assertThat(claimId(queue)).isEqualTo("t0");
    }

    @Test
    void aRedrivenDeadLetterIsTheTaskOfItsDedupKeyAgain() {
        NewTask index = NewTask.of("index").dedupKey("index").maxAttempts(1);
        TaskId first = queue.enqueue(List.of(index)).get(0).id();
        queue.finish(queue.claim().orElseThrow(), new Ending.Dead("broken"));
        assertThat(queue.redrive(first)).isTrue();

        assertThat(queue.enqueue(List.of(index)).get(0).id()).isEqualTo(first);
        assertThat(queue.status().depth()).containsEntry(TaskState.READY, 1);
    }

    @Test
    void whatHasEndedIsKeptForSevenDays() throws IOException {
        queue.enqueue(tasks(0, 1));
        queue.finish(queue.claim().orElseThrow(), new Ending.Done("result"));
        space.pass(Duration.ofDays(6));
        new QueuePruner(space.shared("work")).run(space.context(SessionId.random()));
        assertThat(queue.find(new TaskId("t0"))).isPresent();
        space.pass(Duration.ofDays(2));
        new QueuePruner(space.shared("work")).run(space.context(SessionId.random()));
        assertThat(queue.find(new TaskId("t0"))).isEmpty();
        assertThat(Disk.list(home.resolve("ids"))).isEmpty();
        // The end of the task has set a thread to the same work: it may have taken the task, and be about to take its
        // notes.
        await().untilAsserted(() -> assertThat(Disk.list(home.resolve("notes"))).isEmpty());
    }

    @Test
    void onlyWhoMayClaimItIsWokenAndNobodyTwice() {
        SessionId bob = SessionId.random();
        SessionId carol = SessionId.random();
        space.queue("work", bob, Participant.named("bob")).onReady(() -> {});
        space.queue("work", carol, Participant.named("carol")).onReady(() -> {});
        queue.enqueue(List.of(NewTask.of("x").target("carol"), NewTask.of("y").target("carol")));
        assertThat(space.rung).containsExactly(carol);
    }

    @Test
    void boundsHoldWhateverWasCountedBefore() throws IOException {
        queue.configure(QueueSettings.defaults().maxDepth(10));
        queue.enqueue(tasks(0, 10));
        for (int i = 0; i < 10; i++) {
            claimId(queue);
        }
        Files.delete(home.resolve("counts"));
        FsTaskStore other = space.foreignQueue("work", SessionId.random());
        other.enqueue(tasks(10, 20));
        assertThat(other.status().pending()).isEqualTo(10);
    }

    @Test
    void aFullQueueIsCountedOnceAsLongAsNobodyElseChangesIt() throws IOException {
        queue.configure(QueueSettings.defaults().maxDepth(10));
        queue.enqueue(tasks(0, 10));
        assertThatThrownBy(() -> queue.enqueue(tasks(10, 11))).isInstanceOf(QueueFullException.class);
        Path stray = Files.writeString(home.resolve("claimed/README"), "whoever counts this finds something wrong");
        assertThatThrownBy(() -> queue.enqueue(tasks(10, 11))).isInstanceOf(QueueFullException.class);
        Files.delete(stray);
        claimId(queue);
        queue.enqueue(tasks(10, 11));
        claimId(space.foreignQueue("work", SessionId.random()));
        queue.enqueue(tasks(11, 12));
        assertThatThrownBy(() -> queue.enqueue(tasks(12, 13))).isInstanceOf(QueueFullException.class);
    }

    @Test
    void whereATaskStandsIsFoundWithoutALookAtThoseOfOtherRoutes() throws IOException {
        queue.enqueue(tasks(0, 2));
        assertThat(queue.claim()).isPresent();
        Files.createDirectory(home.resolve("routed/" + Links.hash("strange")));
        TaskPlaces places = new TaskPlaces(new Layout(dir, "."));

        assertThat(places.find(Owner.task("work", new TaskId("t0")))).isNotNull();
        assertThat(places.find(Owner.task("work", new TaskId("t1")))).isNotNull();
    }

    @Test
    void aTaskThatIsClaimedIsFoundThoughNoLaneCanBeListed() throws IOException {
        queue.enqueue(tasks(0, 1));
        assertThat(queue.claim()).isPresent();
        Files.delete(home.resolve("routed"));
        Files.writeString(home.resolve("routed"), "no directory");

        assertThat(new TaskPlaces(new Layout(dir, ".")).find(Owner.task("work", new TaskId("t0"))))
                .isNotNull();
    }

    @Test
    void tasksOfABatchShareAFileAndEachIsItself() throws IOException {
        List<NewTask> batch = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            batch.add(NewTask.of("payload " + i).id(new TaskId("t" + i)));
        }
        queue.enqueue(batch);
        Set<Object> files = new HashSet<>();
        for (String bucket : Disk.list(home.resolve("ready/5"))) {
            Path in = home.resolve("ready/5").resolve(bucket);
            for (String name : Disk.list(in)) {
                files.add(Disk.identity(in.resolve(name)));
            }
        }
        assertThat(files).hasSize(3);
        for (int i = 0; i < 130; i++) {
            assertThat(queue.claim().orElseThrow().task().payloadText()).isEqualTo("payload " + i);
        }
    }
}
