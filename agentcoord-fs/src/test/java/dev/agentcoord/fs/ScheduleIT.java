package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskState;
import dev.agentcoord.spi.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks whose time comes while nobody claims. */
final class ScheduleIT {
    private static final int MANY = 150;

    @TempDir
    private Path dir;

    private ScratchSpace space;
    private FsTaskStore queue;
    private Path scheduled;

    @BeforeEach
    void open() throws IOException {
        space = new ScratchSpace(dir).unsynced();
        queue = space.queue("work", SessionId.random());
        scheduled = dir.resolve("queues/work/scheduled");
    }

    private void enqueueMany(NewTask task) {
        List<NewTask> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            all.add(task.delay(Duration.ofSeconds(MANY - i)));
        }
        queue.enqueue(all);
    }

    private String claim(FsTaskStore from) {
        return from.claim().map(Delivery::task).orElseThrow().payloadText();
    }

    @Test
    void ofManyThatAreDuePriorityComesFirstThenTheOrderOfEnqueueing() {
        enqueueMany(NewTask.of("plain"));
        queue.enqueue(List.of(
                NewTask.of("urgent").priority(0).delay(Duration.ofSeconds(MANY + 1)),
                NewTask.of("urgent too").priority(0).delay(Duration.ofSeconds(MANY))));
        space.pass(Duration.ofHours(1));

        assertThat(claim(queue)).isEqualTo("urgent");
        assertThat(claim(queue)).isEqualTo("urgent too");
        long before = -1;
        for (int i = 0; i < MANY; i++) {
            long sequence = queue.claim().orElseThrow().token().position();
            assertThat(sequence).isGreaterThan(before);
            before = sequence;
        }
        assertThat(queue.claim()).isEmpty();
    }

    @Test
    void whatSomebodyMadeAmongTheMinutesCountsForNothing() throws IOException {
        queue.enqueue(List.of(NewTask.of("later").delay(Duration.ofMinutes(1))));
        Files.createDirectory(scheduled.resolve("stray"));
        Files.writeString(scheduled.resolve("0".repeat(12) + "~" + "0".repeat(14)), "");
        for (String bucket : Disk.list(scheduled)) {
            if (Disk.isDirectory(scheduled.resolve(bucket)) && bucket.contains("~")) {
                Files.writeString(scheduled.resolve(bucket).resolve("stray"), "");
            }
        }
        FsTaskStore other = space.foreignQueue("work", SessionId.random());
        assertThat(other.claim()).isEmpty();
        space.pass(Duration.ofMinutes(2));
        assertThat(claim(other)).isEqualTo("later");
    }

    @Test
    void manyThatAreForOthersAreInNobodysWay() {
        enqueueMany(NewTask.of("theirs").target("other").priority(0));
        queue.enqueue(List.of(
                NewTask.of("mine").priority(5).delay(Duration.ofSeconds(MANY + 1)),
                NewTask.of("ready").priority(9)));
        space.pass(Duration.ofHours(1));

        assertThat(claim(queue)).isEqualTo("mine");
        assertThat(claim(queue)).isEqualTo("ready");
        assertThat(claim(space.queue("work", SessionId.random(), Participant.named("other"))))
                .isEqualTo("theirs");
    }

    @Test
    void whatIsDueIsListedOnceAndItsDirectoriesGoWithTheLast() throws IOException {
        enqueueMany(NewTask.of("x"));
        space.pass(Duration.ofHours(1));
        assertThat(queue.claim()).isPresent();
        Path stray = Files.writeString(scheduled.resolve("000000000000"), "whoever lists this finds something wrong");
        String bucket = Schedule.sorted(scheduled)[1];
        assertThat(queue.claim()).isPresent();
        assertThat(queue.claim()).isPresent();
        assertThat(scheduled.resolve(bucket)).isEmptyDirectory();

        Files.delete(stray);
        for (int i = 3; i < MANY; i++) {
            assertThat(queue.claim()).isPresent();
        }
        assertThat(queue.claim()).isEmpty();
        assertThat(scheduled).isEmptyDirectory();
    }

    @Test
    void whatAnotherProcessPutsOffOrTakesIsKnown() {
        FsTaskStore other = space.foreignQueue("work", SessionId.random());
        enqueueMany(NewTask.of("x"));
        space.pass(Duration.ofSeconds(MANY / 2));
        assertThat(queue.claim()).isPresent();
        other.enqueue(List.of(NewTask.of("theirs").priority(0).delay(Duration.ofSeconds(1))));
        space.pass(Duration.ofSeconds(1));

        assertThat(claim(queue)).isEqualTo("theirs");
        space.pass(Duration.ofHours(1));
        for (int i = 1; i < MANY; i++) {
            assertThat((i % 2 == 0 ? queue : other).claim()).isPresent();
        }
        assertThat(queue.claim()).isEmpty();
        assertThat(other.status().depth()).containsEntry(TaskState.SCHEDULED, 0);
    }
}
