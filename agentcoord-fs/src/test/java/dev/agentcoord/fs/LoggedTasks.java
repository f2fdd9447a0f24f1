package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.spi.Delivery;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A queue whose space has a log, before and after a power cut, by hand: tests take away what is to be on no disk, and another boot begins,
 * in which the session of before has ended.
 */
abstract class LoggedTasks {
    static final TaskId ID = new TaskId("task");
    static final TaskId SECOND = new TaskId("second");
    static final int BATCH = 5;
    /** So that a batch has more than a page. */
    private static final Map<String, String> LONG = Map.of("note", "x".repeat(900));

    @TempDir
    Path dir;

    final SessionId me = SessionId.random();
    ScratchSpace space;
    FsTaskStore queue;
    private int boot = 1;

    @BeforeEach
    void make() throws IOException {
        space = nextBoot();
        queue = space.queue("work", me);
        space.log.make();
    }

    /** As whoever comes first in a boot finds it. */
    ScratchSpace nextBoot() throws IOException {
        boot++;
        return new ScratchSpace(dir, boot);
    }

    void bootAnew() throws IOException {
        space = nextBoot();
        space.ended.add(me);
        queue = space.queue("work", SessionId.random());
    }

    void addBatch() throws IOException {
        List<NewTask> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            batch.add(task(new TaskId("t" + i)));
        }
        queue.enqueue(batch);
        assertThat(logged()).hasSize(BATCH);
    }

    void claimBatch() {
        for (int i = 0; i < BATCH; i++) {
            Delivery claimed = claim();
            assertThat(claimed.task().id()).isEqualTo(new TaskId("t" + i));
            assertThat(claimed.task().payloadText()).isEqualTo("payload of t" + i);
        }
    }

    Path only(String place) throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("queues/work").resolve(place))) {
            return files.filter(Files::isRegularFile).reduce((a, b) -> a).orElseThrow();
        }
    }

    /** As if it had been lost with the power: no record is on the disk. */
    void loseTheLog() throws IOException {
        try (RandomAccessFile log = new RandomAccessFile(dir.resolve("log/0").toFile(), "rw")) {
            log.write(new byte[LogSegment.START]);
        }
    }

    static NewTask task(TaskId id) {
        return NewTask.of("payload of " + id).headers(LONG).id(id);
    }

    void add(TaskId id) {
        queue.enqueue(List.of(task(id)));
    }

    Delivery claim() {
        return queue.claim().orElseThrow();
    }

    Path link(TaskId id) {
        return dir.resolve("queues/work/ids").resolve(id.text());
    }

    Path file(LogRecord.Task record) {
        return dir.resolve("queues").resolve(record.queue()).resolve(record.place());
    }

    Path note() {
        return dir.resolve("queues/work/notes/task~1");
    }

    List<LogRecord.Task> logged() throws IOException {
        List<LogRecord.Task> tasks = new ArrayList<>();
        for (byte[] record : space.log.all()) {
            for (LogRecord.Entry entry : LogRecord.decode(record)) {
                tasks.add((LogRecord.Task) entry);
            }
        }
        return tasks;
    }
}
