package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What depends on a task that is cancelled, in whatever shape. */
final class DependentsIT {
    private static final int SMALL_STACK = 200_000;
    private static final TaskId FIRST = new TaskId("t0");

    @TempDir
    private Path dir;

    private FsTaskStore queue;

    @BeforeEach
    void open() throws IOException {
        queue = new ScratchSpace(dir).unsynced().queue("work", SessionId.random());
    }

    @Test
    void aLongChainIsCancelledOnAStackOfAnySize() throws Exception {
        int length = 800;
        List<NewTask> chain = new ArrayList<>();
        chain.add(NewTask.of("x").id(FIRST));
        for (int i = 1; i < length; i++) {
            chain.add(NewTask.of("x").id(new TaskId("t" + i)).dependsOn(Set.of(new TaskId("t" + (i - 1)))));
        }
        queue.enqueue(chain);

        FutureTask<Boolean> cancel = new FutureTask<>(() -> queue.cancel(FIRST, "not wanted"));
        Thread thread = new Thread(null, cancel, "small", SMALL_STACK);
        thread.start();
        assertThat(cancel.get()).isTrue();

        assertThat(queue.status().depth()).containsEntry(TaskState.CANCELLED, length);
        assertThat(dir.resolve("queues/work/dependents")).isEmptyDirectory();
    }

    @Test
    void aTaskThatDependsOnAnotherInTwoWaysIsCancelledOnce() {
        TaskId middle = new TaskId("middle");
        queue.enqueue(List.of(
                NewTask.of("1").id(FIRST),
                NewTask.of("2").id(middle).dependsOn(Set.of(FIRST)),
                NewTask.of("3").dependsOn(Set.of(FIRST, middle))));

        assertThat(queue.cancel(FIRST, "not wanted")).isTrue();

        assertThat(queue.status().depth()).containsEntry(TaskState.CANCELLED, 3);
        assertThat(dir.resolve("queues/work/dependents")).isEmptyDirectory();
    }

    @Test
    void whatSomebodyMadeAmongThoseThatWaitCountsForNothing() throws IOException {
        TaskId second = new TaskId("second");
        queue.enqueue(
                List.of(NewTask.of("1").id(FIRST), NewTask.of("2").id(second).dependsOn(Set.of(FIRST))));
        Files.writeString(
                dir.resolve("queues/work/dependents").resolve(FIRST.text()).resolve("stray"), "");

        queue.finish(queue.claim().orElseThrow(), new Ending.Done(""));

        assertThat(queue.claim().orElseThrow().task().id()).isEqualTo(second);
    }

    @Test
    void linksThatSomebodyMadeIntoACircleKeepNobodyInside() throws IOException {
        TaskId second = new TaskId("second");
        queue.enqueue(
                List.of(NewTask.of("1").id(FIRST), NewTask.of("2").id(second).dependsOn(Set.of(FIRST))));
        Path links = dir.resolve("queues/work/dependents");
        String name = Disk.list(links.resolve(FIRST.text()))[0];
        Files.createDirectory(links.resolve(second.text()));
        Files.createLink(
                links.resolve(second.text()).resolve(name),
                links.resolve(FIRST.text()).resolve(name));

        assertThat(queue.cancel(FIRST, "not wanted")).isTrue();

        assertThat(queue.status().depth()).containsEntry(TaskState.CANCELLED, 2);
    }
}
