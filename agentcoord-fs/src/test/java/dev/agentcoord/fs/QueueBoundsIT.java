package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.NewTask;
import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a queue at a bound costs those who are refused, and when it takes more. */
final class QueueBoundsIT {
    private static final int BOUND = 10;

    @TempDir
    private Path dir;

    private ScratchSpace space;
    private FsTaskStore queue;
    private FsTaskStore other;

    @BeforeEach
    void open() throws IOException {
        space = new ScratchSpace(dir).unsynced().stillTime();
        queue = space.queue("work", SessionId.random());
        other = space.foreignQueue("work", SessionId.random());
    }

    private static List<NewTask> tasks(int count) {
        return IntStream.range(0, count).mapToObj(i -> NewTask.of("x")).toList();
    }

    private void isFull() {
        assertThatThrownBy(() -> queue.enqueue(tasks(1))).isInstanceOf(QueueFullException.class);
    }

    private void takesOne() {
        assertThatCode(() -> queue.enqueue(tasks(1))).doesNotThrowAnyException();
    }

    private void endsOne(Ending how) {
        other.finish(other.claim().orElseThrow(), how);
    }

    /** Whoever counts does not find it any more; nobody is told. */
    private void hideOne() throws IOException {
        Path ready = dir.resolve("queues/work/ready/5");
        Path bucket = ready.resolve(Disk.list(ready)[0]);
        Files.delete(bucket.resolve(Schedule.sorted(bucket)[0]));
    }

    /** So much happens that nobody can be told of all of it. */
    private void overrun() {
        IntStream.rangeClosed(0, OrderFile.RING)
                .forEach(i -> space.section.run(turn -> {
                    turn.announce(Change.Kind.NONE, "");
                    return true;
                }));
    }

    @Test
    void whoIsRefusedForItsShareCountsNothingAsLongAsItKnowsWhatEnded() throws IOException {
        queue.configure(QueueSettings.defaults().maxPerSession(BOUND));
        queue.enqueue(tasks(BOUND));
        isFull();
        hideOne();
        isFull();
        endsOne(new Ending.Done(""));
        takesOne();
        isFull();
    }

    @Test
    void ofWhatIsNotKnownAShareIsCountedAtMostOnceASecond() throws IOException {
        queue.configure(QueueSettings.defaults().maxPerSession(BOUND));
        queue.enqueue(tasks(BOUND));
        hideOne();
        overrun();
        takesOne();
        hideOne();
        overrun();
        isFull();
        space.pass(Duration.ofSeconds(2));
        takesOne();
        isFull();
    }

    @Test
    void aDeadLetterThatIsTriedAgainCountsForTheShareOfWhoAddedIt() {
        queue.configure(QueueSettings.defaults().maxPerSession(BOUND));
        queue.enqueue(tasks(BOUND));
        Delivery delivery = other.claim().orElseThrow();
        TaskId dead = delivery.task().id();
        other.finish(delivery, new Ending.Dead("no use"));
        takesOne();
        other.redrive(dead);
        endsOne(new Ending.Done(""));
        isFull();
        endsOne(new Ending.Done(""));
        takesOne();
    }

    @Test
    void aDeadLetterThatIsTriedAgainAfterOthersWereAddedCountsForTheShareOfWhoAddedIt() {
        queue.configure(QueueSettings.defaults().maxPerSession(BOUND));
        queue.enqueue(tasks(BOUND));
        List<TaskId> dead = dieAll();
        takesOne();
        dead.forEach(other::redrive);
        isFull();
        endsOne(new Ending.Done(""));
        isFull();
        endsOne(new Ending.Done(""));
        takesOne();
        isFull();
    }

    @Test
    void deadLettersThatMayHaveBeenTriedAgainAreCounted() {
        queue.configure(QueueSettings.defaults().maxPerSession(BOUND));
        queue.enqueue(tasks(BOUND));
        List<TaskId> dead = dieAll();
        takesOne();
        dead.forEach(other::redrive);
        overrun();
        isFull();
    }

    @Test
    void deadLettersThatWereCountedAndAreTriedAgainAreCountedOnceMore() {
        queue.configure(QueueSettings.defaults().maxPerSession(BOUND));
        queue.enqueue(tasks(BOUND));
        List<TaskId> dead = dieAll();
        overrun();
        takesOne();
        dead.forEach(other::redrive);
        isFull();
    }

    private List<TaskId> dieAll() {
        List<TaskId> dead = new ArrayList<>();
        for (int i = 0; i < BOUND; i++) {
            Delivery delivery = other.claim().orElseThrow();
            dead.add(delivery.task().id());
            other.finish(delivery, new Ending.Dead("no use"));
        }
        return dead;
    }

    @Test
    void anEndThatWasAnnouncedAndNotMadeIsNoneOfTheShare() throws IOException {
        queue.configure(QueueSettings.defaults().maxPerSession(BOUND));
        queue.enqueue(tasks(BOUND));
        Path ready = dir.resolve("queues/work/ready/5");
        Path bucket = ready.resolve(Disk.list(ready)[0]);
        String name = Schedule.sorted(bucket)[0];
        TaskName task = TaskName.parse(bucket, name).task();
        String end = "ended/" + bucket.getFileName();
        Move move = new Move(
                "work",
                task.id().text(),
                TaskName.hex(task.sequence()),
                "claimed",
                end,
                TaskName.hex(1) + "~" + name,
                false);
        assertThatThrownBy(() -> space.section.run(turn -> {
                    turn.announce(Change.Kind.QUEUE, move.text());
                    throw new IllegalStateException("killed before it moved");
                }))
                .isInstanceOf(IllegalStateException.class);
        isFull();
    }

    @Test
    void aFullQueueIsCountedAtMostOnceASecondWhateverOthersDo() throws IOException {
        queue.configure(QueueSettings.defaults().maxDepth(BOUND));
        queue.enqueue(tasks(BOUND));
        isFull();
        hideOne();
        endsOne(new Ending.Again(Duration.ZERO, "", false));
        isFull();
        space.pass(Duration.ofSeconds(2));
        takesOne();
        isFull();
        assertThat(other.status().pending()).isEqualTo(BOUND);
    }

    @Test
    void aNumberThatWasLostIsCountedOnceAlsoWhereNobodyIsAdmitted() throws IOException {
        queue.configure(QueueSettings.defaults().maxDepth(BOUND));
        queue.enqueue(tasks(BOUND));
        Path counts = dir.resolve("queues/work/counts");
        Files.delete(counts);
        FsTaskStore late = space.foreignQueue("work", SessionId.random());
        assertThatThrownBy(() -> late.enqueue(tasks(1))).isInstanceOf(QueueFullException.class);
        assertThat(counts).isNotEmptyFile();
    }

    @Test
    void whatWasCountedIsWrittenDownForTheOthers() throws IOException {
        queue.configure(QueueSettings.defaults().maxDepth(BOUND));
        queue.enqueue(tasks(BOUND));
        hideOne();
        assertThatThrownBy(() -> queue.enqueue(tasks(2))).isInstanceOf(QueueFullException.class);
        endsOne(new Ending.Again(Duration.ZERO, "", false));
        takesOne();
    }
}
