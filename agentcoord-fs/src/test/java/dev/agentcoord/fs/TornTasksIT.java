package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tasks, and what belongs to them, that have a name on the disk, and no content or a part of it. */
final class TornTasksIT extends LoggedTasks {
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
    void tasksOfABatchAreWrittenAgainWhereTheOneFileTheyShareWasCutShort() throws IOException {
        addBatch();
        Path shared = file(logged().get(0));
        byte[] content = Files.readAllBytes(shared);
        Files.write(shared, Arrays.copyOf(content, content.length - 1));
        bootAnew();
        claimBatch();
    }

    @Test
    void aTaskThatWasNeverPromisedAndHasANameWithoutContentIsTakenAway() throws IOException {
        add(ID);
        add(SECOND);
        Path torn = file(logged().get(0));
        loseTheLog();
        Files.write(torn, new byte[0]);
        bootAnew();
        assertThat(queue.find(ID)).isEmpty();
        assertThat(link(ID)).doesNotExist();
        assertThat(Files.readSymbolicLink(link(SECOND))).isNotNull();
        assertThat(claim().task().id()).isEqualTo(SECOND);
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

    @Test
    void aNoteOfWhichOnlyTheNameIsLeftKeepsNobodyFromItsTask() throws IOException {
        queue.enqueue(List.of(task(ID)));
        queue.cancel(ID, "reason");
        Files.write(dir.resolve("queues/work/notes/task~cancelled"), new byte[0]);
        assertThat(queue.find(ID).orElseThrow().outcome()).isEmpty();
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
    void aTaskWhoseContentIsZerosIsWrittenAgain() throws IOException {
        add(ID);
        blank(file(logged().get(0)));
        bootAnew();
        assertThat(claim().task().payloadText()).isEqualTo("payload of task");
    }

    @Test
    void aTaskThatWasNeverPromisedAndWhoseContentIsZerosIsTakenAway() throws IOException {
        add(ID);
        add(SECOND);
        Path torn = file(logged().get(0));
        loseTheLog();
        blank(torn);
        bootAnew();
        assertThat(queue.find(ID)).isEmpty();
        assertThat(claim().task().id()).isEqualTo(SECOND);
    }

    @Test
    void aTaskThatIsDamagedOtherwiseIsNotTakenAway() throws IOException {
        add(ID);
        Path damaged = file(logged().get(0));
        loseTheLog();
        byte[] content = Files.readAllBytes(damaged);
        Arrays.fill(content, 1, content.length, (byte) 0);
        Files.write(damaged, content);
        bootAnew();
        assertThatThrownBy(this::claim).isInstanceOf(CorruptRecordException.class);
    }

    private static void blank(Path file) throws IOException {
        Files.write(file, new byte[(int) Files.size(file)]);
    }

    @Test
    void aDamagedTaskHidesNoOtherThatIsListed() throws IOException {
        add(ID);
        add(SECOND);
        loseTheLog();
        queue.finish(claim(), new Ending.Done(""));
        queue.finish(claim(), new Ending.Done(""));
        Files.write(file(logged().get(0)), new byte[0]);
        bootAnew();
        assertThat(queue.list(TaskState.DONE, "", 1).tasks())
                .extracting(TaskInfo::id)
                .containsExactly(SECOND);
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
}
