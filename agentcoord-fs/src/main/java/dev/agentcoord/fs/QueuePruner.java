package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.NewTask;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Retention;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Removes what has ended and is not to be kept, a few names at a time, on a thread of its own: once in a while, for whoever ends a task.
 * An id that is still to be remembered stays as a link that says so.
 */
final class QueuePruner {
    private static final long INTERVAL_NANOS = Duration.ofMinutes(10).toNanos();
    private static final int ENDS = 2048;
    private static final int AT_ONCE = 32;
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

    private static final Pattern HOUR = Pattern.compile("[0-9]{1,12}");

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

    /** A task that has ended, as it was found: nothing more of its name is read than is needed to say whether it goes. */
    private record Ended(Path bucket, String name, long moment, TaskState state) {
        Outgoing going() {
            return new Outgoing(this, TaskName.parse(bucket, name).task());
        }
    }

    /** One that goes. */
    private record Outgoing(Ended ended, TaskName task) {
        Path bucket() {
            return ended.bucket;
        }

        Path file() {
            return ended.bucket.resolve(ended.name);
        }

        long hour() {
            return ended.moment / HOUR_MILLIS;
        }

        boolean isDead() {
            return ended.state == TaskState.DEAD;
        }

        boolean isRemembered(Instant now) {
            return Retention.remembersId(Instant.ofEpochMilli(ended.moment), now);
        }

        /** What its id says from now on. */
        String epitaph() {
            return TaskFinder.gone(isDead() ? TaskState.CANCELLED : ended.state, ended.moment);
        }
    }

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
                    all.add(new Ended(bucket, name, TaskName.momentOf(bucket.resolve(name)), state));
                }
            }
        }
        all.sort(Comparator.comparingLong(Ended::moment).reversed());
        Instant now = context.time().wall();
        List<Outgoing> gone = new ArrayList<>();
        for (int later = 0; later < all.size(); later++) {
            if (Retention.goes(Instant.ofEpochMilli(all.get(later).moment), later, now)) {
                gone.add(all.get(later).going());
            }
        }
        for (int from = 0; from < gone.size(); from += AT_ONCE) {
            remove(context, gone.subList(from, Math.min(gone.size(), from + AT_ONCE)), now);
        }
    }

    /** Which ids are to be forgotten, and when, is written down first: what dies here leaves a line too many, not a link for ever. */
    private void remove(FsTaskStore.Context context, List<Outgoing> some, Instant now) throws IOException {
        Map<Long, StringBuilder> ids = new TreeMap<>();
        some.stream()
                .filter(task -> task.isRemembered(now))
                .forEach(task -> ids.computeIfAbsent(task.hour(), hour -> new StringBuilder())
                        .append(task.task().id())
                        .append('\n'));
        for (Map.Entry<Long, StringBuilder> hour : ids.entrySet()) {
            Path dir = queue.layout().remembered().resolve(Long.toString(hour.getKey()));
            QueueLayout.ensure(dir);
            remember(context, dir, hour.getValue().toString());
        }
        QueueTurn turn = queue.run(context.section(), context.scratch(), context.millis(), mine -> {
            for (Outgoing task : some) {
                remove(mine, task, task.isRemembered(now), context);
            }
            for (Path bucket : some.stream().map(Outgoing::bucket).collect(Collectors.toSet())) {
                Disk.removeIfEmpty(bucket);
            }
            return mine;
        });
        queue.settle(context.writes(), turn);
        for (Outgoing task : some) {
            new TaskNotes(queue.layout()).remove(task.task());
        }
    }

    private static void remember(FsTaskStore.Context context, Path hour, String ids) throws IOException {
        byte[] lines = ids.getBytes(StandardCharsets.US_ASCII);
        try (SyncedFile draft = context.writes().draft(context.scratch().get(), lines)) {
            QueueDirectory.place(
                    draft.path(), hour.resolve(String.valueOf(draft.path().getFileName())));
            draft.moved();
        }
        context.writes().settle(hour);
    }

    /** A dead letter that goes will never be done, so what depends on it is cancelled first. */
    private void remove(QueueTurn turn, Outgoing outgoing, boolean isRemembered, FsTaskStore.Context context)
            throws IOException {
        Path file = outgoing.file();
        if (!Disk.isThere(file)) {
            return;
        }
        QueueLayout layout = queue.layout();
        TaskName task = outgoing.task();
        if (outgoing.isDead() && turn.directory().hasDependents(task.id())) {
            NewTask what = QueueTurn.read(file, task.id()).task();
            QueueDirectory.Entry entry = turn.directory().find(task.id());
            if (entry == null) {
                return;
            }
            turn.cancel(task, entry, what);
            entry = turn.directory().find(task.id());
            file = entry == null ? file : entry.file();
        }
        // Before the task itself: at no time may its id look like one that was never used.
        Path id = layout.id(task.id());
        if (isRemembered) {
            Links.replace(id, outgoing.epitaph(), context.scratch().get());
        } else {
            Disk.unlink(id);
        }
        turn.touched().add(layout.ids());
        Disk.unlink(file);
    }

    /** Forgets ids whose tasks ended long ago. What somebody made by hand in between stays. */
    private void forget(FsTaskStore.Context context) throws IOException {
        long oldest = context.time().wall().minus(Retention.IDS).toEpochMilli() / HOUR_MILLIS;
        for (String hour : Schedule.sorted(queue.layout().remembered())) {
            Path dir = queue.layout().remembered().resolve(hour);
            if (HOUR.matcher(hour).matches() && Long.parseLong(hour) < oldest && Disk.isDirectory(dir)) {
                for (String name : TaskWalk.names(dir)) {
                    if (!Disk.isFile(dir.resolve(name))) {
                        continue;
                    }
                    List<String> ids = lines(dir.resolve(name));
                    queue.run(context.section(), context.scratch(), context.millis(), turn -> {
                        for (String id : ids) {
                            forget(id);
                        }
                        return Disk.unlink(dir.resolve(name));
                    });
                }
                Disk.removeIfEmpty(dir);
            }
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return new String(Calls.read(file), StandardCharsets.US_ASCII).lines().toList();
    }

    /** Only a link that says that its task is gone. */
    private void forget(String id) throws IOException {
        Path link;
        try {
            link = queue.layout().id(new TaskId(id));
        } catch (InvalidRequestException e) {
            // Anybody in the group can write such a line.
            return;
        }
        if (TaskFinder.endOf(Links.read(link)) != null) {
            Disk.unlink(link);
        }
    }
}
