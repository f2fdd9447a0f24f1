package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.testkit.OsUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The power is cut when the log is on the disk and the directories are not: they are as they were before, and another boot begins. */
final class CutBeforeDirectoriesIT extends LoggedTasks {
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
        queue.enqueue(List.of(task(ID).orderingKey("k"), task(SECOND).orderingKey("k")));
        doTwiceAndFollow();
    }

    @Test
    void aTaskThatOthersDependOnIsDoneAgain() throws Exception {
        queue.enqueue(List.of(task(ID)));
        queue.enqueue(List.of(task(SECOND).dependsOn(Set.of(ID))));
        doTwiceAndFollow();
    }

    /** The first is done, and done once more after the cut; then comes the one that waited. */
    private void doTwiceAndFollow() throws Exception {
        Delivery first = claim();
        cutAfter(() -> queue.finish(first, new Ending.Done("result")));
        Delivery again = claim();
        assertThat(again.task().id()).isEqualTo(ID);
        queue.finish(again, new Ending.Done("result"));
        assertThat(claim().task().id()).isEqualTo(SECOND);
    }

    @Test
    void aTaskWithALongResultIsDoneAgain() throws Exception {
        queue.enqueue(List.of(task(ID)));
        Delivery first = claim();
        cutAfter(() -> queue.finish(first, new Ending.Done("x".repeat(QueueTurn.LOGGED_BYTES))));
        assertThat(claim().task().id()).isEqualTo(ID);
    }

    @Test
    void aTaskThatOnlyTheLogKnewIsThereAgainThoughItHadDied() throws Exception {
        space.pass(Duration.between(space.wall(), Instant.now()));
        cutAfter(() -> {
            queue.enqueue(List.of(task(ID)));
            queue.finish(claim(), new Ending.Dead("cause"));
        });
        assertThat(claim().task().payloadText()).isEqualTo("payload of task");
    }

    @Test
    void ofAQueueThatIsCountedForAnEndThatTaskIsCounted() throws IOException {
        queue.configure(QueueSettings.defaults().maxDepth(2));
        queue.enqueue(List.of(task(ID), task(SECOND)));
        bootAnew();
        queue.finish(claim(), new Ending.Done(""));
        queue.enqueue(List.of(task(new TaskId("c"))));
        assertThatThrownBy(() -> queue.enqueue(List.of(task(new TaskId("d"))))).isInstanceOf(QueueFullException.class);
        assertThat(queue.list(TaskState.READY, "", 10).tasks()).hasSize(2);
    }
}
