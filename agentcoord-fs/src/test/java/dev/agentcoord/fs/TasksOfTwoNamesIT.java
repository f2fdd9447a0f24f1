package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tasks that have the name they had before as well, as btrfs may leave them, or something beside them that looks like that. */
final class TasksOfTwoNamesIT extends LoggedTasks {
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
    void aDelayedTaskThatHasTheNameItWasBlockedUnderIsNotBlockedForEver() throws IOException {
        queue.enqueue(List.of(task(ID)));
        queue.enqueue(List.of(task(SECOND).dependsOn(Set.of(ID)).delay(Duration.ofHours(1))));
        Path blocked = only("blocked");
        queue.finish(claim(), new Ending.Done(""));
        Files.createDirectories(QueueLayout.parent(blocked));
        Files.createLink(blocked, only("scheduled"));
        bootAnew();
        space.pass(Duration.ofHours(2));
        assertThat(claim().task().id()).isEqualTo(SECOND);
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

    @Test
    void aLinkThatLeadsToATaskOrItsBucketDoesNotRemoveIt() throws IOException {
        queue.enqueue(List.of(task(ID)));
        Path file = only("ready");
        Path bucket = QueueLayout.parent(file);
        Path ended = Files.createDirectories(dir.resolve("queues/work/ended").resolve(bucket.getFileName()));
        Files.createSymbolicLink(ended.resolve(TaskName.hex(1) + "~" + file.getFileName()), file);
        Files.createSymbolicLink(ended.resolve(TaskName.hex(2) + "~" + file.getFileName()), Path.of("/nowhere"));
        Files.createSymbolicLink(bucket.resolveSibling("zz"), bucket.getFileName());
        bootAnew();
        assertThat(file).exists();
    }
}
