package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a queue looks after what has ended, and what does not keep it from that. */
final class QueuePrunerIT {
    private static final TaskId OLD = new TaskId("old");

    @TempDir
    private Path dir;

    private ScratchSpace space;
    private Path home;

    @BeforeEach
    void oneHasEndedLongAgo() throws IOException {
        space = new ScratchSpace(dir).unsynced();
        home = dir.resolve("queues/work");
        FsTaskStore queue = space.foreignQueue("work", SessionId.random());
        queue.enqueue(List.of(
                NewTask.of("x").id(OLD), NewTask.of("x").id(new TaskId("other")).maxAttempts(1)));
        queue.cancel(OLD, "not wanted");
        space.pass(Duration.ofDays(8));
    }

    private void isPruned() {
        await().until(() -> Links.read(home.resolve("ids/old")) == null);
    }

    @Test
    void aCancelledTaskIsAReasonToLook() {
        space.queue("work", SessionId.random()).cancel(new TaskId("other"), "not wanted");

        isPruned();
    }

    @Test
    void aTaskThatDiedWithItsClaimerIsAReasonToLook() {
        SessionId victim = SessionId.random();
        assertThat(space.foreignQueue("work", victim).claim()).isPresent();
        space.ended.add(victim);

        assertThat(space.queue("work", SessionId.random()).claim()).isEmpty();

        isPruned();
    }

    @Test
    void whatSomebodyMadeAmongTheRememberedKeepsNobodyFromForgetting() throws IOException {
        Path hour = Files.createDirectories(home.resolve("remembered/1"));
        Path line = Files.writeString(hour.resolve("ids"), "strange\ngone\n");
        Path id = Files.createSymbolicLink(home.resolve("ids/gone"), Path.of("gone.DONE.1"));
        Files.createSymbolicLink(home.resolve("ids/strange"), Path.of("gone.somehow.1"));
        Files.createDirectories(hour.resolve("directory/in it"));
        Files.writeString(home.resolve("remembered/0"), "no directory");
        Files.writeString(home.resolve("remembered/README"), "no hour");

        space.queue("work", SessionId.random());
        space.shared("work").pruner().run(space.context(SessionId.random()));

        assertThat(Disk.identity(id)).isNull();
        assertThat(line).doesNotExist();
    }
}
