package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The moves of tasks from state to state, each one rename, announced first. Called inside the section only, so what is listed here is
 * exact.
 */
final class QueueDirectory {
    private static final String CLAIMER_DIED = "its claimer died";

    private final String queue;
    private final QueueLayout layout;

    QueueDirectory(String queue, QueueLayout layout) {
        this.queue = queue;
        this.layout = layout;
    }

    /** A task and the file that is its state. */
    record Entry(TaskName.Found name, Path file, TaskState state) {}

    /** Moves scheduled tasks whose time has come to ready. */
    void promoteDue(Turn turn, long now) throws IOException {
        for (Entry entry : entries(TaskState.SCHEDULED)) {
            if (entry.name.due() > now) {
                return;
            }
            move(turn, entry, layout.ready(entry.name.task()));
        }
    }

    /** Gives back what sessions claimed that have ended; a task out of attempts is dead. Tells whether it moved any. */
    boolean redeliver(Turn turn, Predicate<SessionId> ended) throws IOException {
        boolean moved = false;
        for (Entry entry : entries(TaskState.CLAIMED)) {
            SessionId claimer = entry.name.claimer();
            if (claimer != null && ended.test(claimer)) {
                TaskName task = entry.name.task();
                // Left by a claimer that died before the transition its note was for.
                Disk.unlink(layout.note(task));
                boolean exhausted = task.attempt() >= task.max();
                move(turn, entry, exhausted ? layout.dead().resolve(task.ready()) : layout.ready(task));
                moved = true;
            }
        }
        return moved;
    }

    /** The ready task that is next, by priority and then by place; null when there is none. */
    @Nullable Entry firstReady() throws IOException {
        for (int priority = 0; priority < QueueLayout.PRIORITIES; priority++) {
            Path bucket = firstBucket(layout.ready(priority));
            if (bucket != null) {
                return entry(bucket, sorted(bucket)[0], TaskState.READY);
            }
        }
        return null;
    }

    /** The first bucket with a task in it; empty ones before it are removed. */
    private static @Nullable Path firstBucket(Path priority) throws IOException {
        for (String name : sorted(priority)) {
            Path bucket = priority.resolve(name);
            if (Disk.list(bucket).length > 0) {
                return bucket;
            }
            Files.delete(bucket);
        }
        return null;
    }

    /** One rename, announced before; the target's bucket is made first where it is missing. */
    void move(Turn turn, Entry entry, Path target) throws IOException {
        announce(turn, entry.name.task().id());
        place(entry.file, target);
    }

    void announce(Turn turn, TaskId task) throws IOException {
        turn.nextPosition();
        turn.announce(Change.Kind.QUEUE, queue + "/" + task);
    }

    static void place(Path from, Path target) throws IOException {
        try {
            Files.move(from, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            if (!QueueLayout.ensure(QueueLayout.parent(target))) {
                throw e;
            }
            Files.move(from, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** The task of that id, wherever it is; null when it is in no state. */
    @Nullable Entry find(TaskId id) throws IOException {
        for (TaskState state : STATES) {
            for (Entry entry : entries(state)) {
                if (entry.name.task().id().equals(id)) {
                    return entry;
                }
            }
        }
        return null;
    }

    /** All tasks of a state, in delivery order; scheduled ones by their time. None of one that no task here ever gets into. */
    List<Entry> entries(TaskState state) throws IOException {
        List<Entry> all = new ArrayList<>();
        if (!STATES.contains(state)) {
            return all;
        }
        if (state != TaskState.READY) {
            addAll(all, layout.of(state), state);
            return all;
        }
        for (int priority = 0; priority < QueueLayout.PRIORITIES; priority++) {
            for (String bucket : sorted(layout.ready(priority))) {
                addAll(all, layout.ready(priority).resolve(bucket), state);
            }
        }
        return all;
    }

    /** The states that have a directory. */
    static final List<TaskState> STATES =
            List.of(TaskState.READY, TaskState.CLAIMED, TaskState.SCHEDULED, TaskState.DONE, TaskState.DEAD);

    private static void addAll(List<Entry> all, Path dir, TaskState state) throws IOException {
        for (String name : sorted(dir)) {
            all.add(entry(dir, name, state));
        }
    }

    private static Entry entry(Path dir, String name, TaskState state) {
        return new Entry(TaskName.parse(dir, name), dir.resolve(name), state);
    }

    private static String[] sorted(Path dir) throws IOException {
        String[] names = Disk.list(dir);
        Arrays.sort(names);
        return names;
    }

    /** What a dead letter says that nobody could write a cause for. */
    static String claimerDied() {
        return CLAIMER_DIED;
    }
}
