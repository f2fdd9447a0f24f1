package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.NewTask;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Retention;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Removes what has ended and is not to be kept, a few names at a time, on a thread of its own: once in a while, for whoever ends a task.
 * An id that is still to be remembered stays as a link that says so.
 */
final class QueuePruner {
    private static final long INTERVAL_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int ENDS = 512;
    private static final int AT_ONCE = 32;
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

    private final FsQueue queue;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicLong ends = new AtomicLong();
    private volatile long last;

    QueuePruner(FsQueue queue) {
        this.queue = queue;
    }

    /** A task has ended: now and then that is a reason to look for older ones. */
    void soon(FsTaskStore.Context context) {
        long nanos = context.time().nanos();
        boolean due = ends.incrementAndGet() % ENDS == 0 || last == 0 || nanos - last > INTERVAL_NANOS;
        if (due && running.compareAndSet(false, true)) {
            last = nanos == 0 ? 1 : nanos;
            Thread thread = new Thread(() -> runQuietly(context), "agentcoord-prune");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void runQuietly(FsTaskStore.Context context) {
        try {
            run(context);
        } catch (IOException | CoordinationException e) {
            // Nobody waits for it, and the next one tries again.
            return;
        } finally {
            running.set(false);
        }
    }

    private record Ended(TaskName task, long moment, Path file, TaskState state) {}

    /** Removes what is to go. */
    void run(FsTaskStore.Context context) throws IOException {
        prune(context, List.of(TaskState.DONE, TaskState.CANCELLED));
        prune(context, List.of(TaskState.DEAD));
        forget(context);
    }

    private void prune(FsTaskStore.Context context, List<TaskState> states) throws IOException {
        List<Ended> all = new ArrayList<>();
        TaskWalk walk = new TaskWalk(queue.layout());
        for (TaskState state : states) {
            for (Path bucket : walk.buckets(state)) {
                for (String name : TaskWalk.names(bucket)) {
                    TaskName.Found found = TaskName.parse(bucket, name);
                    all.add(new Ended(found.task(), found.moment(), bucket.resolve(name), state));
                }
            }
        }
        all.sort(Comparator.comparingLong(Ended::moment).reversed());
        Instant now = context.time().wall();
        List<Ended> gone = new ArrayList<>();
        for (int later = 0; later < all.size(); later++) {
            if (Retention.goes(Instant.ofEpochMilli(all.get(later).moment), later, now)) {
                gone.add(all.get(later));
            }
        }
        for (int from = 0; from < gone.size(); from += AT_ONCE) {
            List<Ended> some = gone.subList(from, Math.min(gone.size(), from + AT_ONCE));
            QueueTurn turn = queue.run(context.section(), context.scratch(), context.millis(), mine -> {
                for (Ended ended : some) {
                    remove(mine, ended, context);
                }
                return mine;
            });
            queue.settle(context.writes(), turn.touched());
        }
    }

    /** A dead letter that goes will never be done, so what depends on it is cancelled first. */
    private void remove(QueueTurn turn, Ended ended, FsTaskStore.Context context) throws IOException {
        if (Disk.identity(ended.file) == null) {
            return;
        }
        Path file = ended.file;
        QueueLayout layout = queue.layout();
        if (ended.state == TaskState.DEAD && Disk.identity(layout.dependents(ended.task.id())) != null) {
            NewTask what = QueueTurn.read(file, ended.task.id()).task();
            QueueDirectory.Entry entry = turn.directory().find(ended.task.id());
            if (entry == null) {
                return;
            }
            turn.cancel(ended.task, entry, what);
            entry = turn.directory().find(ended.task.id());
            file = entry == null ? file : entry.file();
        }
        Path id = layout.id(ended.task.id());
        if (Retention.remembersId(
                Instant.ofEpochMilli(ended.moment), context.time().wall())) {
            Path hour = layout.remembered().resolve(Long.toString(ended.moment / HOUR_MILLIS));
            QueueLayout.ensure(hour);
            remember(hour.resolve(ended.task.id().text()));
            TaskState state = ended.state == TaskState.DEAD ? TaskState.CANCELLED : ended.state;
            Links.put(
                    id, TaskFinder.gone(state, ended.moment), context.scratch().get());
            turn.touched().add(hour);
        } else {
            Disk.unlink(id);
        }
        turn.touched().add(layout.ids());
        new TaskNotes(layout).remove(ended.task);
        Disk.unlink(file);
        Disk.removeIfEmpty(QueueLayout.parent(file));
    }

    private static void remember(Path name) throws IOException {
        try {
            Disk.createEmpty(name, Layout.RECORD);
        } catch (FileAlreadyExistsException e) {
            // Whoever began this before did not finish it.
            return;
        }
    }

    /** Forgets ids whose tasks ended long ago. */
    private void forget(FsTaskStore.Context context) throws IOException {
        long oldest = context.time().wall().minus(Retention.IDS).toEpochMilli() / HOUR_MILLIS;
        for (String hour : Schedule.sorted(queue.layout().remembered())) {
            if (Long.parseLong(hour) < oldest) {
                Path dir = queue.layout().remembered().resolve(hour);
                for (String id : TaskWalk.names(dir)) {
                    queue.run(context.section(), context.scratch(), context.millis(), turn -> {
                        if (TaskFinder.endOf(Links.read(queue.layout().ids().resolve(id))) != null) {
                            Disk.unlink(queue.layout().ids().resolve(id));
                        }
                        return Disk.unlink(dir.resolve(id));
                    });
                }
                Disk.removeIfEmpty(dir);
            }
        }
    }
}
