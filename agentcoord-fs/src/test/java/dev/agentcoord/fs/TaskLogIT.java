package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.NewTask;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks after a power cut, by hand: names that only the log has on the disk are taken away, and another boot begins. */
final class TaskLogIT {
    private static final TaskId ID = new TaskId("task");
    private static final int BATCH = 5;
    /** So that some tasks have more than a page. */
    private static final Map<String, String> LONG = Map.of("note", "x".repeat(900));

    @TempDir
    private Path dir;

    private final SessionId me = SessionId.random();
    private ScratchSpace space;
    private FsTaskStore queue;
    private int boot = 2;

    @BeforeEach
    void make() throws IOException {
        enter();
        space.log.make();
    }

    private void enter() throws IOException {
        space = new ScratchSpace(dir, boot);
        queue = space.queue("work", me);
    }

    private void bootAnew() throws IOException {
        boot++;
        enter();
    }

    @Test
    void aTaskWhoseNamesAreGoneIsAddedAgain() throws IOException {
        add(ID);
        Files.delete(file(logged().get(0)));
        Files.delete(link(ID));
        bootAnew();
        TaskInfo found = queue.find(ID).orElseThrow();
        assertThat(found.state()).isEqualTo(TaskState.READY);
        assertThat(found.payloadText()).isEqualTo("payload of task");
        assertThat(claim().task().id()).isEqualTo(ID);
        assertThat(queue.claim()).isEmpty();
    }

    @Test
    void tasksOfABatchAreAddedAgainThoughTheOneFileTheyShareIsGone() throws IOException {
        addBatch();
        for (LogRecord.Task record : logged()) {
            Files.delete(file(record));
        }
        bootAnew();
        claimBatch();
    }

    @Test
    void tasksOfABatchAreWrittenAgainWhereTheOneFileTheyShareWasCutShort() throws IOException {
        addBatch();
        Path shared = file(logged().get(0));
        byte[] content = Files.readAllBytes(shared);
        Files.write(shared, Arrays.copyOf(content, content.length - 1));
        bootAnew();
        claimBatch();
    }

    private void addBatch() throws IOException {
        List<NewTask> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            batch.add(task(new TaskId("t" + i)));
        }
        queue.enqueue(batch);
        assertThat(logged()).hasSize(BATCH);
    }

    private void claimBatch() {
        for (int i = 0; i < BATCH; i++) {
            Delivery claimed = claim();
            assertThat(claimed.task().id()).isEqualTo(new TaskId("t" + i));
            assertThat(claimed.task().payloadText()).isEqualTo("payload of t" + i);
        }
    }

    @Test
    void aTaskWhoseNameIsOnTheDiskAndItsContentIsNotIsWrittenAgain() throws IOException {
        add(ID);
        Files.write(file(logged().get(0)), new byte[0]);
        bootAnew();
        assertThat(claim().task().payloadText()).isEqualTo("payload of task");
    }

    @Test
    void aTaskThatIsDoneAndLostItsContentIsWrittenAgainWhereItIs() throws IOException {
        add(ID);
        queue.finish(claim(), new Ending.Done(""));
        Files.write(file(logged().get(1)), "of another file".getBytes(StandardCharsets.US_ASCII));
        bootAnew();
        TaskInfo found = queue.find(ID).orElseThrow();
        assertThat(found.state()).isEqualTo(TaskState.DONE);
        assertThat(found.payloadText()).isEqualTo("payload of task");
    }

    @Test
    void aBatchThatGoesOnInTheOtherFileOfTheLogIsPutOntoTheDiskFromBoth() throws IOException {
        add(ID);
        byte[] filler = new byte[LogSegment.SIZE / 4];
        for (int i = 0; i < 3; i++) {
            assertThat(space.log.epochFor(filler.length)).isPositive();
            space.log.append(filler);
        }
        List<Path> synced = new ArrayList<>();
        space.writes = new Writes(new SyncGroup(synced::add), space.log, Durability.SYNCED);
        queue = space.queue("work", me);
        List<NewTask> batch = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            batch.add(task(new TaskId("t" + i)));
        }
        queue.enqueue(batch);
        assertThat(synced.stream().map(Path::normalize))
                .contains(dir.resolve("log").resolve("0"), dir.resolve("log").resolve("1"));
    }

    @Test
    void aTaskThatHasEndedGetsTheNoteThatHasTheNameOfItsDraftStill() throws IOException {
        add(ID);
        queue.finish(claim(), new Ending.Dead("cause"));
        Files.move(note(), dir.resolve("tmp").resolve("draft"));
        Files.writeString(dir.resolve("tmp").resolve("planted"), "x");
        loseTheLog();
        bootAnew();
        assertThat(queue.find(ID).orElseThrow().outcome()).isEqualTo("cause");
    }

    @Test
    void aTaskThatHasNotEndedGetsNone() throws IOException {
        add(ID);
        queue.finish(claim(), new Ending.Dead("cause"));
        assertThat(queue.redrive(ID)).isTrue();
        Files.move(note(), dir.resolve("tmp").resolve("draft"));
        bootAnew();
        assertThat(note()).doesNotExist();
        queue.finish(claim(), new Ending.Done("result"));
        bootAnew();
        assertThat(note()).doesNotExist();
        assertThat(queue.find(ID).orElseThrow().outcome()).isEqualTo("result");
    }

    @Test
    void whatIsLongGoesOntoTheDiskAsAFile() throws IOException {
        String text = "x".repeat(QueueTurn.LOGGED_BYTES);
        queue.enqueue(List.of(NewTask.of(text).id(ID)));
        assertThat(logged()).isEmpty();
        queue.finish(claim(), new Ending.Done(text));
        assertThat(logged())
                .singleElement()
                .satisfies(done -> assertThat(done.content()).isNull());
        bootAnew();
        assertThat(queue.find(ID).orElseThrow().outcome()).isEqualTo(text);
    }

    @Test
    void aTaskThatWasNeverPromisedAndHasANameWithoutContentIsTakenAway() throws IOException {
        add(ID);
        add(new TaskId("second"));
        Path torn = file(logged().get(0));
        loseTheLog();
        Files.write(torn, new byte[0]);
        bootAnew();
        assertThat(queue.find(ID)).isEmpty();
        assertThat(link(ID)).doesNotExist();
        assertThat(Files.readSymbolicLink(link(new TaskId("second")))).isNotNull();
        assertThat(claim().task().id()).isEqualTo(new TaskId("second"));
        add(ID);
        assertThat(claim().task().id()).isEqualTo(ID);
    }

    @Test
    void ofABatchWhoseFileWasCutShortTheTasksThatItHasStay() throws IOException {
        addBatch();
        List<Path> files = logged().stream().map(this::file).toList();
        loseTheLog();
        byte[] content = Files.readAllBytes(files.get(0));
        Files.write(files.get(0), Arrays.copyOf(content, content.length - 1));
        bootAnew();
        assertThat(queue.list(TaskState.READY, "", 2 * BATCH).tasks()).hasSize(BATCH - 1);
        assertThat(files.get(BATCH - 1)).doesNotExist();
        for (int i = 0; i < BATCH - 1; i++) {
            assertThat(claim().task().id()).isEqualTo(new TaskId("t" + i));
        }
    }

    @Test
    void aTaskOfAnEarlierBootThatIsDamagedIsNotPassedOver() throws IOException {
        add(ID);
        Path file = file(logged().get(0));
        bootAnew();
        Files.write(file, new byte[0]);
        bootAnew();
        assertThatThrownBy(this::claim)
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining("~task~");
    }

    @Test
    void ofTwoNamesOfATaskTheLaterStays() throws IOException {
        add(ID);
        Path ready = file(logged().get(0));
        Delivery delivery = claim();
        Path claimed = only("claimed");
        queue.finish(delivery, new Ending.Dead("cause"));
        Path dead = file(logged().get(1));
        Files.createLink(ready, dead);
        Files.createLink(claimed, dead);
        bootAnew();
        assertThat(queue.find(ID).orElseThrow().state()).isEqualTo(TaskState.DEAD);
        assertThat(queue.claim()).isEmpty();
        assertThat(queue.redrive(ID)).isTrue();
        Files.createLink(dead, only("ready"));
        bootAnew();
        assertThat(claim().task().id()).isEqualTo(ID);
        assertThat(queue.list(TaskState.DEAD, "", 1).tasks()).isEmpty();
    }

    @Test
    void aTaskThatIsClaimedUnderTheNameThatItHadBeforeIsDone() throws IOException {
        add(ID);
        Delivery claimed = claim();
        Path before = only("claimed");
        queue.finish(claimed, new Ending.Done(""));
        Files.createLink(before, file(logged().get(1)));
        bootAnew();
        assertThat(before).doesNotExist();
        assertThat(queue.find(ID).orElseThrow().state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void whatSomebodyPutBesideATaskUnderItsNumberDoesNotRemoveIt() throws IOException {
        add(ID);
        Path ready = file(logged().get(0));
        Path bucket = Files.createDirectories(dir.resolve("queues/work/ended")
                .resolve(QueueLayout.parent(ready).getFileName()));
        Files.writeString(bucket.resolve(TaskName.hex(1) + "~" + ready.getFileName()), "x");
        bootAnew();
        assertThat(ready).exists();
    }

    private Path only(String place) throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("queues/work").resolve(place))) {
            return files.filter(Files::isRegularFile).reduce((a, b) -> a).orElseThrow();
        }
    }

    @Test
    void aTaskThatIsDamagedInALineStaysThere() throws IOException {
        queue.enqueue(List.of(task(ID).orderingKey("k")));
        tear();
        bootAnew();
        assertThatThrownBy(this::claim).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void aDamagedTaskThatIsPromisedToBeDoneIsNotForgotten() throws IOException {
        add(ID);
        loseTheLog();
        queue.finish(claim(), new Ending.Done(""));
        Files.write(file(logged().get(0)), new byte[0]);
        bootAnew();
        assertThatThrownBy(() -> queue.find(ID)).isInstanceOf(CorruptRecordException.class);
    }

    /** As if the content of all that can be claimed had been lost with the power. */
    private void tear() throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("queues/work/ready"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.write(file, new byte[0]);
            }
        }
    }

    /** As if it had been lost with the power: no record is on the disk. */
    private void loseTheLog() throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(dir.resolve("log/0").toFile(), "rw")) {
            log.write(new byte[LogSegment.START]);
        }
    }

    @Test
    void whatSomebodyMadeInThePlaceOfATaskOrResultKeepsNobodyOut() throws IOException {
        add(ID);
        add(new TaskId("second"));
        queue.finish(claim(), new Ending.Done("result"));
        Files.delete(note());
        Files.createDirectory(note());
        Path second = file(logged().get(1));
        Files.delete(second);
        Files.createDirectory(second);
        String unknown =
                TaskName.hex(Short.MAX_VALUE) + second.getFileName().toString().substring(16);
        Files.createDirectories(second.resolveSibling(unknown).resolve("x"));
        bootAnew();
        add(new TaskId("other"));
        assertThat(queue.find(new TaskId("other"))).isPresent();
    }

    @Test
    void aScheduledTaskIsAddedAgainWithItsTime() throws IOException {
        queue.enqueue(List.of(task(ID).delay(Duration.ofMinutes(5))));
        Files.delete(file(logged().get(0)));
        bootAnew();
        assertThat(queue.find(ID).orElseThrow().state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(queue.claim()).isEmpty();
        space.pass(Duration.ofMinutes(6));
        assertThat(claim().task().id()).isEqualTo(ID);
    }

    @Test
    void whatWasDoneIsDoneWithItsResultWhereverItsNameIs() throws IOException {
        add(ID);
        queue.finish(claim(), new Ending.Done("result"));
        Files.move(file(logged().get(1)), file(logged().get(0)));
        Files.delete(note());
        bootAnew();
        TaskInfo found = queue.find(ID).orElseThrow();
        assertThat(found.state()).isEqualTo(TaskState.DONE);
        assertThat(found.outcome()).isEqualTo("result");
        assertThat(queue.claim()).isEmpty();
    }

    @Test
    void whatWasAddedAndDoneIsDoneWhereNoneOfItsNamesIsLeft() throws IOException {
        add(ID);
        queue.finish(claim(), new Ending.Done(""));
        Files.delete(file(logged().get(1)));
        Files.delete(link(ID));
        bootAnew();
        assertThat(queue.find(ID).orElseThrow().state()).isEqualTo(TaskState.DONE);
        assertThat(queue.claim()).isEmpty();
    }

    @Test
    void whatWasRedrivenAndThenDoneIsDone() throws IOException {
        add(ID);
        queue.finish(claim(), new Ending.Dead("cause"));
        assertThat(queue.redrive(ID)).isTrue();
        queue.finish(claim(), new Ending.Done(""));
        Files.move(file(logged().get(2)), file(logged().get(0)));
        bootAnew();
        assertThat(queue.find(ID).orElseThrow().state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void whatDiedAndWasRedrivenCanBeClaimed() throws IOException {
        add(ID);
        queue.finish(claim(), new Ending.Dead("cause"));
        assertThat(queue.redrive(ID)).isTrue();
        bootAnew();
        assertThat(claim().task().id()).isEqualTo(ID);
    }

    @Test
    void whatWasCancelledAndRemovedLongAgoIsNotAddedAgain() throws IOException {
        add(ID);
        assertThat(queue.cancel(ID, "no longer wanted")).isTrue();
        Files.delete(file(logged().get(1)));
        Files.delete(link(ID));
        bootAnew();
        assertThat(queue.find(ID)).isEmpty();
        assertThat(queue.claim()).isEmpty();
    }

    @Test
    void anIdThatWasForgottenAndComesAgainIsAnotherTask() throws IOException {
        add(ID);
        queue.finish(claim(), new Ending.Done(""));
        Files.delete(file(logged().get(1)));
        Files.delete(link(ID));
        add(ID);
        bootAnew();
        assertThat(queue.find(ID).orElseThrow().state()).isEqualTo(TaskState.READY);
        assertThat(claim().task().id()).isEqualTo(ID);
    }

    @Test
    void whatIsDoneAndCannotBeLoggedIsNotSaidToHaveFailed() throws IOException {
        add(ID);
        Delivery claimed = claim();
        Files.delete(dir.resolve("log").resolve("0"));
        assertThatThrownBy(() -> queue.finish(claimed, new Ending.Done("")))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(queue.find(ID).orElseThrow().state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void whatSomebodyMadeWhereATaskWouldGoCountsForNothing() throws IOException {
        add(ID);
        LogRecord.Task added = logged().get(0);
        Files.delete(file(added));
        Files.createDirectory(file(added));
        bootAnew();
        add(new TaskId("other"));
        assertThat(queue.find(new TaskId("other"))).isPresent();
    }

    @Test
    void aFileUnderTheNameOfAKeyKeepsNoTaskFromBeingAddedAgain() throws IOException {
        add(ID);
        Files.delete(file(logged().get(0)));
        Files.createDirectories(dir.resolve("queues/work/keys"));
        Files.createFile(dir.resolve("queues/work/keys").resolve(Links.hash("key")));
        bootAnew();
        assertThat(claim().task().id()).isEqualTo(ID);
    }

    @Test
    void withoutAPowerCutNothingChanges() throws IOException {
        for (int i = 0; i < 20; i++) {
            add(new TaskId("t" + i));
        }
        for (int i = 0; i < 10; i++) {
            queue.finish(claim(), i % 2 == 0 ? new Ending.Done("r") : new Ending.Dead("c"));
        }
        bootAnew();
        for (TaskState state : List.of(TaskState.DONE, TaskState.DEAD)) {
            assertThat(queue.list(state, "", 100).tasks()).hasSize(5);
        }
        assertThat(queue.list(TaskState.READY, "", 100).tasks()).hasSize(10);
        assertThat(logged()).isEmpty();
    }

    @Test
    void whatHasMoreThanOneNameIsPutOntoTheDiskByItsDirectories() throws IOException {
        queue.enqueue(List.of(task(ID).orderingKey("k")));
        queue.enqueue(List.of(task(new TaskId("second")).dedupKey("d")));
        queue.enqueue(List.of(task(new TaskId("third")).target("agent")));
        assertThat(logged()).isEmpty();
    }

    @Test
    void whatSomebodyWroteThereLeadsNowhereElse() throws IOException {
        add(ID);
        LogRecord.Task real = logged().get(0);
        byte[] planted = "x".getBytes(StandardCharsets.US_ASCII);
        List<String> places = List.of("../../planted/a/b", "ready/0/../x", "ready/../../x", "claimed/0/x");
        for (int i = 0; i < places.size(); i++) {
            append(new LogRecord.Task("work", places.get(i), real.name().replace("task", "other" + i), planted, true));
        }
        append(new LogRecord.Task("..", real.place(), real.name().replace("task", "other"), planted, true));
        append(new LogRecord.Task("work", real.place() + "2", "no name", planted, true));
        bootAnew();
        try (Stream<Path> files = Files.walk(dir)) {
            assertThat(files.map(file -> dir.relativize(file).toString()))
                    .noneMatch(file -> file.contains("other") || file.endsWith("/x"));
        }
        assertThat(claim().task().id()).isEqualTo(ID);
        assertThat(queue.claim()).isEmpty();
    }

    private void append(LogRecord.Task task) throws IOException {
        byte[] record = LogRecord.encode(List.of(task));
        assertThat(space.log.epochFor(record.length)).isPositive();
        space.log.append(record);
    }

    private static NewTask task(TaskId id) {
        return NewTask.of("payload of " + id).headers(LONG).id(id);
    }

    private void add(TaskId id) {
        queue.enqueue(List.of(task(id)));
    }

    private Delivery claim() {
        return queue.claim().orElseThrow();
    }

    private Path link(TaskId id) {
        return dir.resolve("queues/work/ids").resolve(id.text());
    }

    private Path file(LogRecord.Task record) {
        return dir.resolve("queues").resolve(record.queue()).resolve(record.place());
    }

    private Path note() {
        return dir.resolve("queues/work/notes/task~1");
    }

    private List<LogRecord.Task> logged() throws IOException {
        List<LogRecord.Task> tasks = new ArrayList<>();
        for (byte[] record : space.log.all()) {
            for (LogRecord.Entry entry : LogRecord.decode(record)) {
                tasks.add((LogRecord.Task) entry);
            }
        }
        return tasks;
    }
}
