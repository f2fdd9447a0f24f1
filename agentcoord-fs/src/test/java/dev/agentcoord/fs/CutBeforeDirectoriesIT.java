package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.NewTask;
import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.testkit.OsUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power is cut when the log is on the disk and the directories are not, and by hand as well: they are as they were before, and another
 * boot begins. And what somebody made in a queue meanwhile.
 */
final class CutBeforeDirectoriesIT {
    private static final TaskId A = new TaskId("a");
    private static final TaskId B = new TaskId("b");

    @TempDir
    private Path dir;

    private final SessionId me = SessionId.random();
    private ScratchSpace space;
    private FsTaskStore queue;
    private int boot = 2;

    @BeforeEach
    void make() throws IOException {
        space = new ScratchSpace(dir, boot);
        queue = space.queue("work", me);
        space.log.make();
    }

    private void bootAnew() throws IOException {
        boot++;
        space = new ScratchSpace(dir, boot);
        space.ended.add(me);
        queue = space.queue("work", SessionId.random());
    }

    /** Does something, and takes back all but what the log says of it. */
    private void cutAfter(Runnable work) throws Exception {
        Path queues = dir.resolve("queues");
        OsUsers.must("cp", "-a", queues.toString(), dir.resolve("before").toString());
        work.run();
        OsUsers.must("rm", "-r", queues.toString());
        Files.move(dir.resolve("before"), queues);
        bootAnew();
    }

    @Test
    void aTaskOfALineIsDoneAgainSoThatTheNextFollows() throws Exception {
        queue.enqueue(List.of(task(A).orderingKey("k"), task(B).orderingKey("k")));
        doTwiceAndFollow();
    }

    @Test
    void aTaskThatOthersDependOnIsDoneAgain() throws Exception {
        queue.enqueue(List.of(task(A)));
        queue.enqueue(List.of(task(B).dependsOn(Set.of(A))));
        doTwiceAndFollow();
    }

    /** The first is done, and done once more after the cut; then comes the one that waited. */
    private void doTwiceAndFollow() throws Exception {
        Delivery first = claim();
        cutAfter(() -> queue.finish(first, new Ending.Done("result")));
        Delivery again = claim();
        assertThat(again.task().id()).isEqualTo(A);
        queue.finish(again, new Ending.Done("result"));
        assertThat(claim().task().id()).isEqualTo(B);
    }

    @Test
    void aTaskWithALongResultIsDoneAgain() throws Exception {
        queue.enqueue(List.of(task(A)));
        Delivery first = claim();
        cutAfter(() -> queue.finish(first, new Ending.Done("x".repeat(QueueTurn.LOGGED_BYTES))));
        assertThat(claim().task().id()).isEqualTo(A);
    }

    @Test
    void aTaskThatOnlyTheLogKnewIsThereAgainThoughItHadDied() throws Exception {
        space.pass(Duration.between(space.wall(), Instant.now()));
        cutAfter(() -> {
            queue.enqueue(List.of(task(A)));
            queue.finish(claim(), new Ending.Dead("cause"));
        });
        assertThat(claim().task().payloadText()).isEqualTo("payload of a");
    }

    @Test
    void whoeverIsToldThatATaskIsThereCanRelyOnIt() throws IOException {
        space.unsynced();
        space.queue("work", SessionId.random()).enqueue(List.of(task(A)));
        List<Path> synced = syncsFromNowOn();
        assertThat(queue.enqueue(List.of(task(A)))).extracting(TaskInfo::id).containsExactly(A);
        Path file = only("ready");
        assertThat(synced).contains(file, file.getParent(), dir.resolve("queues/work/ids"));
    }

    private List<Path> syncsFromNowOn() {
        List<Path> synced = new ArrayList<>();
        space.writes = new Writes(new SyncGroup(synced::add), space.log, Durability.SYNCED);
        queue = space.queue("work", me);
        return synced;
    }

    @Test
    void whyADependentIsCancelledIsOnTheDisk() throws IOException {
        queue.enqueue(List.of(task(A)));
        queue.enqueue(List.of(task(B).dependsOn(Set.of(A))));
        List<Path> synced = syncsFromNowOn();
        queue.cancel(A, "reason");
        assertThat(synced).contains(dir.resolve("queues/work/notes/b~cancelled"));
    }

    @Test
    void howTheDeliveryOfADeadClaimerEndedIsOnTheDisk() throws IOException {
        queue.enqueue(List.of(task(A)));
        claim();
        space.ended.add(me);
        List<Path> synced = new ArrayList<>();
        space.writes = new Writes(new SyncGroup(synced::add), space.log, Durability.SYNCED);
        assertThat(space.queue("work", SessionId.random()).claim()).isPresent();
        assertThat(synced).contains(only("notes"));
    }

    @Test
    void whoIsFirstOfALineIsOnTheDisk() throws IOException {
        queue.enqueue(List.of(task(A).orderingKey("k"), task(B).orderingKey("k")));
        Delivery first = claim();
        Path line = dir.resolve("queues/work/keys").resolve(Links.hash("k"));
        List<Path> synced = syncsFromNowOn();
        queue.finish(first, new Ending.Done(""));
        assertThat(synced).contains(line);
    }

    @Test
    void aNoteOfWhichOnlyTheNameIsLeftKeepsNobodyFromItsTask() throws IOException {
        queue.enqueue(List.of(task(A)));
        queue.cancel(A, "reason");
        Files.write(dir.resolve("queues/work/notes/a~cancelled"), new byte[0]);
        assertThat(queue.find(A).orElseThrow().outcome()).isEmpty();
    }

    @Test
    void aSessionOfWhichOnlyTheNameIsLeftHasEnded() throws IOException {
        Layout layout = new Layout(dir, ".");
        SessionId cut = SessionId.random();
        Files.createDirectories(layout.sessions());
        Files.createFile(layout.sessions().resolve(cut.text()));
        assertThat(new SessionDirectory(layout).find(cut)).isEmpty();
    }

    @Test
    void aDelayedTaskThatHasTheNameItWasBlockedUnderIsNotBlockedForEver() throws IOException {
        queue.enqueue(List.of(task(A)));
        queue.enqueue(List.of(task(B).dependsOn(Set.of(A)).delay(Duration.ofHours(1))));
        Path blocked = only("blocked");
        queue.finish(claim(), new Ending.Done(""));
        Files.createDirectories(QueueLayout.parent(blocked));
        Files.createLink(blocked, only("scheduled"));
        bootAnew();
        space.pass(Duration.ofHours(2));
        assertThat(claim().task().id()).isEqualTo(B);
    }

    @Test
    void aFileAmongTheBucketsKeepsNobodyOut() throws IOException {
        queue.enqueue(List.of(task(A)));
        Path home = dir.resolve("queues/work");
        Files.writeString(home.resolve("cancelled/stray"), "x");
        Files.writeString(home.resolve("keys/stray"), "x");
        Files.createSymbolicLink(home.resolve("cancelled/loop"), Path.of("loop"));
        Files.createDirectories(dir.resolve("queues/other"));
        Files.writeString(dir.resolve("queues/other/claimed"), "x");
        Files.delete(only("ready"));
        bootAnew();
        assertThat(claim().task().id()).isEqualTo(A);
    }

    @Test
    void whatCannotBeDoneInOneQueueKeepsNobodyOutOfTheOthersAndIsTriedAgain() throws IOException {
        queue.enqueue(List.of(task(A)));
        space.queue("other", me).enqueue(List.of(task(B)));
        Files.delete(only("ready"));
        Path line = dir.resolve("queues/work/keys").resolve(Links.hash("k"));
        Files.writeString(line, "x");
        bootAnew();
        assertThat(space.queue("other", SessionId.random()).claim()).isPresent();
        Files.delete(line);
        bootAnew();
        assertThat(claim().task().id()).isEqualTo(A);
    }

    @Test
    void aLinkThatLeadsToATaskOrItsBucketDoesNotRemoveIt() throws IOException {
        queue.enqueue(List.of(task(A)));
        Path file = only("ready");
        Path bucket = QueueLayout.parent(file);
        Path ended = Files.createDirectories(dir.resolve("queues/work/ended").resolve(bucket.getFileName()));
        Files.createSymbolicLink(ended.resolve(TaskName.hex(1) + "~" + file.getFileName()), file);
        Files.createSymbolicLink(ended.resolve(TaskName.hex(2) + "~" + file.getFileName()), Path.of("/nowhere"));
        Files.createSymbolicLink(bucket.resolveSibling("zz"), bucket.getFileName());
        bootAnew();
        assertThat(file).exists();
    }

    @Test
    void ofAQueueThatIsCountedForAnEndThatTaskIsCounted() throws IOException {
        queue.configure(QueueSettings.defaults().maxDepth(2));
        queue.enqueue(List.of(task(A), task(B)));
        bootAnew();
        queue.finish(claim(), new Ending.Done(""));
        queue.enqueue(List.of(task(new TaskId("c"))));
        assertThatThrownBy(() -> queue.enqueue(List.of(task(new TaskId("d"))))).isInstanceOf(QueueFullException.class);
        assertThat(queue.list(TaskState.READY, "", 10).tasks()).hasSize(2);
    }

    private static NewTask task(TaskId id) {
        return NewTask.of("payload of " + id).id(id);
    }

    private Delivery claim() {
        return queue.claim().orElseThrow();
    }

    private Path only(String place) throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("queues/work").resolve(place))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }
}
