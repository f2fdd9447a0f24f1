package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.NewTask;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ends of tasks, and their notes, of which only the log or a draft has reached the disk. */
final class LoggedEndsIT extends LoggedTasks {
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
    void draftsAreReadOnceAQueueHasATaskThatHasEnded() throws IOException {
        add(ID);
        add(SECOND);
        queue.finish(claim(), new Ending.Dead("cause"));
        Path draft = Files.move(note(), dir.resolve("aside"));
        NoteDrafts drafts = new NoteDrafts(dir.resolve("tmp"));
        space.queue("other", me);
        giveBack("other", drafts);
        Files.move(draft, dir.resolve("tmp").resolve("draft"));
        giveBack("work", drafts);
        assertThat(note()).hasContent(Files.readString(dir.resolve("tmp").resolve("draft")));
    }

    private void giveBack(String name, NoteDrafts drafts) throws IOException {
        QueueLayout layout = new QueueLayout(dir.resolve("queues").resolve(name));
        QueueRedo redo = new QueueRedo(new Layout(dir, "."), layout, 0, List.of());
        redo.run();
        redo.giveBack(drafts);
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
    void whatIsDoneAndCannotBeLoggedIsNotSaidToHaveFailed() throws IOException {
        add(ID);
        Delivery claimed = claim();
        Files.delete(dir.resolve("log").resolve("0"));
        assertThatThrownBy(() -> queue.finish(claimed, new Ending.Done("")))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(queue.find(ID).orElseThrow().state()).isEqualTo(TaskState.DONE);
    }
}
