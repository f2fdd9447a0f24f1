package dev.agentcoord.fs;

import dev.agentcoord.QueueSettings;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Admission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The moves of the tasks of one queue from state to state, each one rename, announced first, and what this process remembers of where
 * they lie. Used inside the section only, between {@link #begin} and {@link #end}, so what it says is exact.
 */
final class QueueDirectory {
    /** How a move is announced: the task's sequence, the bucket it leaves, the one it comes to and its name there. */
    private static final Pattern MOVE =
            Pattern.compile("[^ ]+ ([0-9a-f]{16}) ([0-9a-z/~]+)>([0-9a-z/~]+)/([0-7][0-9a-f]{15}~[^/]+)");

    private final String queue;
    private final QueueLayout layout;
    private final Lanes lanes;
    private final Schedule schedule;
    private final Shelf blocked;
    private final Map<TaskState, Shelf> ends = new EnumMap<>(TaskState.class);
    private final QueueCounts counts;
    private long seen = -1;
    private boolean doubtful = true;
    private @Nullable QueueSettings settings;

    QueueDirectory(String queue, QueueLayout layout) {
        this.queue = queue;
        this.layout = layout;
        this.lanes = new Lanes(layout);
        this.schedule = new Schedule(layout.scheduled());
        this.blocked = new Shelf(layout.blocked());
        this.counts = new QueueCounts(layout.counts());
        for (TaskState end : List.of(TaskState.DONE, TaskState.DEAD, TaskState.CANCELLED)) {
            ends.put(end, new Shelf(layout.of(end)));
        }
    }

    /** A task and the file that is its state. */
    record Entry(TaskName.Found name, Path file, TaskState state) {}

    /** Takes in what others did since; true when one of them may have died in the middle of something. */
    boolean begin(Turn turn) throws IOException {
        List<Change> news = seen < 0 ? null : turn.since(seen);
        if (news == null) {
            forget();
            doubtful = true;
        } else {
            for (Change change : news) {
                if (change.kind() == Change.Kind.QUEUE && change.name().startsWith(queue + "/")) {
                    doubtful = true;
                    counts.forget();
                    takeIn(change.name());
                }
            }
        }
        seen = -1;
        return doubtful;
    }

    /** All that was announced is done, or whoever died before is made good. */
    void end(Turn turn) {
        seen = turn.change();
        doubtful = false;
    }

    private void forget() {
        lanes.forget();
        schedule.forget();
        blocked.forget();
        ends.values().forEach(Shelf::forget);
        counts.forget();
        settings = null;
    }

    private void takeIn(String change) throws IOException {
        Matcher move = MOVE.matcher(change);
        if (!move.matches()) {
            forget();
            return;
        }
        left(Path.of(move.group(2)), move.group(1), false);
        came(Path.of(move.group(3)), move.group(4));
    }

    private void left(Path bucket, String sequence, boolean trusted) throws IOException {
        switch (bucket.getName(0).toString()) {
            case "ready", "routed" -> lanes.removed(bucket, sequence, trusted);
            case "scheduled" -> schedule.forget();
            default -> {
                // Nothing is remembered of what lies in the others.
            }
        }
    }

    private void came(Path bucket, String name) throws IOException {
        String last = String.valueOf(bucket.getFileName());
        switch (bucket.getName(0).toString()) {
            case "ready", "routed" -> lanes.added(bucket, name);
            case "scheduled" -> schedule.added(Schedule.dueOf(Path.of(name)));
            case "blocked" -> blocked.added(last, name);
            case "ended" -> end(TaskState.DONE).added(last, name);
            case "dead" -> end(TaskState.DEAD).added(last, name);
            case "cancelled" -> end(TaskState.CANCELLED).added(last, name);
            default -> {
                // Nothing is remembered of what lies in the others.
            }
        }
    }

    String queue() {
        return queue;
    }

    QueueLayout layout() {
        return layout;
    }

    Lanes lanes() {
        return lanes;
    }

    Shelf blocked() {
        return blocked;
    }

    Shelf end(TaskState state) {
        Shelf shelf = ends.get(state);
        if (shelf == null) {
            throw new IllegalArgumentException(state + " is no end");
        }
        return shelf;
    }

    /** The settings, read again only after what may have changed them. */
    QueueSettings settings(FsQueue queue) throws IOException {
        QueueSettings known = settings;
        if (known == null) {
            known = queue.settings();
            settings = known;
        }
        return known;
    }

    /** The counts, brought up to date. */
    QueueCounts counts(Turn turn) throws IOException {
        counts.load(turn, turn.nextPosition(), this::countPending);
        return counts;
    }

    long countPending() throws IOException {
        long pending = 0;
        TaskWalk walk = new TaskWalk(layout);
        for (TaskState state : TaskState.values()) {
            pending += state.isEnd() ? 0 : walk.count(state);
        }
        return pending;
    }

    /** Where a task goes that nobody works on; {@code key} is the hash of its ordering key. */
    Path place(Turn turn, TaskName task, Admission admission, long due, String key) throws IOException {
        return switch (admission) {
            case ADMITTED ->
                lanes.shelf(task.lane(), task.priority())
                        .bucket(task.number(), turn.nextPosition())
                        .resolve(task.ready());
            case DELAYED -> schedule.bucket(task, due).resolve(task.at(due));
            case DEPENDENT -> blocked.bucket(task.number(), turn.nextPosition()).resolve(task.ready());
            case IN_LINE ->
                new Shelf(layout.inLine(key))
                        .bucket(task.number(), turn.nextPosition())
                        .resolve(task.ready());
        };
    }

    /** Where a task goes that has ended. */
    Path place(Turn turn, TaskName task, TaskState end, long now) throws IOException {
        return end(end).bucket(task.number(), turn.nextPosition()).resolve(task.at(now));
    }

    /** One rename, announced before; the target's bucket is made first where it is missing. */
    void move(Turn turn, TaskName task, Path from, Path target) throws IOException {
        announce(turn, task, from, target);
        place(from, target);
        left(relative(QueueLayout.parent(from)), TaskName.hex(task.sequence()), true);
        came(relative(QueueLayout.parent(target)), String.valueOf(target.getFileName()));
    }

    /** A task appears: its draft is moved there, or gets one more name where others have names of that file as well. */
    void add(Turn turn, TaskName task, Enqueuer.Draft draft, Path target) throws IOException {
        announce(turn, task, layout.home().resolve("new").resolve("task"), target);
        Path file = draft.file().path();
        if (draft.alone()) {
            place(file, target);
            draft.file().moved();
        } else {
            link(file, target);
        }
        came(relative(QueueLayout.parent(target)), String.valueOf(target.getFileName()));
    }

    private static void link(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (NoSuchFileException e) {
            ensure(QueueLayout.parent(target), e);
            Files.createLink(target, file);
        }
    }

    private Path relative(Path path) {
        return layout.home().relativize(path);
    }

    private void announce(Turn turn, TaskName task, Path from, Path target) throws IOException {
        turn.nextPosition();
        turn.announce(
                Change.Kind.QUEUE,
                queue + "/" + task.id() + " " + TaskName.hex(task.sequence()) + " " + relative(QueueLayout.parent(from))
                        + ">" + relative(target));
    }

    /** Something else of the queue changes, of which others remember nothing. */
    void announce(Turn turn) throws IOException {
        settings = null;
        turn.nextPosition();
        turn.announce(Change.Kind.QUEUE, queue + "/");
    }

    static void place(Path from, Path target) throws IOException {
        try {
            Files.move(from, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            ensure(QueueLayout.parent(target), e);
            Files.move(from, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void ensure(Path bucket, NoSuchFileException missing) throws IOException {
        if (!Disk.isDirectory(QueueLayout.parent(bucket)) || !QueueLayout.ensure(bucket)) {
            throw missing;
        }
    }

    /** Moves scheduled tasks whose time has come to where they may be claimed, so many at a time; returns their names. */
    List<TaskName> promoteDue(Turn turn, long now, int most) throws IOException {
        List<TaskName> moved = new ArrayList<>();
        for (Path file : schedule.due(now, most)) {
            TaskName task = TaskName.parse(QueueLayout.parent(file), String.valueOf(file.getFileName()))
                    .task();
            move(turn, task, file, place(turn, task, Admission.ADMITTED, now, ""));
            moved.add(task);
        }
        return moved;
    }

    /** The task of that id, wherever it is; null when it is in no state. */
    @Nullable Entry find(TaskId id) throws IOException {
        String hint = Links.read(layout.id(id));
        return hint == null ? null : new TaskFinder(layout, lanes, schedule, this).find(id, hint);
    }
}
