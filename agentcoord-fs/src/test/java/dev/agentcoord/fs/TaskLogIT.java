package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tasks that were added and of which only the log has reached the disk: in the next boot they are there. */
final class TaskLogIT extends LoggedTasks {
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
        queue.enqueue(List.of(task(SECOND).dedupKey("d")));
        queue.enqueue(List.of(task(new TaskId("third")).target("agent")));
        assertThat(logged()).isEmpty();
    }
}
