package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is put onto the disk before somebody is answered, beside the log or by it. */
final class SyncedTasksIT extends LoggedTasks {
    @Test
    void aBatchThatGoesOnInTheOtherFileOfTheLogIsPutOntoTheDiskFromBoth() throws IOException {
        add(ID);
        byte[] filler = new byte[LogSegment.SIZE / 4];
        for (int i = 0; i < 3; i++) {
            assertThat(space.log.epochFor(filler.length)).isPositive();
            space.log.append(filler);
        }
        List<Path> synced = syncsFromNowOn();
        List<NewTask> batch = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            batch.add(task(new TaskId("t" + i)));
        }
        queue.enqueue(batch);
        assertThat(synced.stream().map(Path::normalize))
                .contains(dir.resolve("log").resolve("0"), dir.resolve("log").resolve("1"));
    }

    @Test
    void whoeverIsToldThatATaskIsThereCanRelyOnIt() throws IOException {
        space.unsynced();
        space.queue("work", SessionId.random()).enqueue(List.of(task(ID)));
        List<Path> synced = syncsFromNowOn();
        assertThat(queue.enqueue(List.of(task(ID)))).extracting(TaskInfo::id).containsExactly(ID);
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
        queue.enqueue(List.of(task(ID)));
        queue.enqueue(List.of(task(SECOND).dependsOn(Set.of(ID))));
        List<Path> synced = syncsFromNowOn();
        queue.cancel(ID, "reason");
        assertThat(synced).contains(dir.resolve("queues/work/notes/second~cancelled"));
    }

    @Test
    void howTheDeliveryOfADeadClaimerEndedIsOnTheDisk() throws IOException {
        queue.enqueue(List.of(task(ID)));
        claim();
        space.ended.add(me);
        List<Path> synced = new ArrayList<>();
        space.writes = new Writes(new SyncGroup(synced::add), space.log, Durability.SYNCED);
        assertThat(space.queue("work", SessionId.random()).claim()).isPresent();
        assertThat(synced).contains(only("notes"));
    }

    @Test
    void whoIsFirstOfALineIsOnTheDisk() throws IOException {
        queue.enqueue(List.of(task(ID).orderingKey("k"), task(SECOND).orderingKey("k")));
        Delivery first = claim();
        Path line = dir.resolve("queues/work/keys").resolve(Links.hash("k"));
        List<Path> synced = syncsFromNowOn();
        queue.finish(first, new Ending.Done(""));
        assertThat(synced).contains(line);
    }
}
