package dev.agentcoord.fs;

import dev.agentcoord.Participant;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The moves of the tasks of one queue from state to state, each one rename, announced first, and what this process remembers of where
 * they lie. Used inside the section only, between {@link #begin} and {@link #end}, so what it says is exact.
 */
final class QueueDirectory {
    /** Where a task comes from that was nowhere before. */
    private static final String NEW = "new";

    private final String queue;
    private final QueueLayout layout;
    private final Lanes lanes;
    private final Schedule schedule;
    private final Shelf blocked;
    private final Map<TaskState, Shelf> ends = new EnumMap<>(TaskState.class);
    private final QueueCounts counts;
    private long seen = -1;
    private boolean doubtful = true;
    private boolean inPart;
    private @Nullable QueueSettings settings;
    private @Nullable Boolean dependents;

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
    boolean begin(Turn turn) {
        List<Change> news = seen < 0 ? null : turn.since(seen);
        if (news == null) {
            forgetAll();
        } else {
            for (Change change : news) {
                if (change.kind() == Change.Kind.QUEUE && isOfQueue(change.name())) {
                    counts.forget();
                    takeIn(change.name());
                }
            }
        }
        seen = -1;
        inPart = false;
        return doubtful;
    }

    private boolean isOfQueue(String change) {
        return change.startsWith(queue) && change.startsWith("/", queue.length());
    }

    /** All that was announced is done, or whoever died before is made good. */
    void end(Turn turn) {
        seen = turn.change();
        doubtful = false;
    }

    /** From now until {@link #end} or the other call of this, what moves is a part of what {@code unsettled} tells. */
    void part(boolean begins) {
        inPart = begins;
    }

    private void forgetAll() {
        lanes.forget();
        schedule.forget();
        blocked.forget();
        ends.values().forEach(Shelf::forget);
        counts.forget();
        settings = null;
        dependents = null;
        doubtful = true;
    }

    /** What was announced has happened: the section looks after the latest, whoever may have died. */
    private void takeIn(String change) {
        Move move = Move.parse(change);
        if (move == null) {
            forgetAll();
        } else {
            doubtful |= move.isPart();
            takeIn(move);
        }
    }

    private void takeIn(Move move) {
        switch (first(move.from())) {
            case "ready", "routed" -> lanes.removed(move.from(), move.sequence());
            case "scheduled" -> schedule.removed(Long.parseLong(move.sequence(), 16));
            default -> {
                // Nothing is remembered of what lies in the others.
            }
        }
        String last = move.to().substring(move.to().lastIndexOf('/') + 1);
        switch (first(move.to())) {
            case "ready", "routed" -> lanes.added(move.to(), move.name());
            case "scheduled" -> schedule.added(last, move.name());
            case "blocked" -> {
                dependents = true;
                blocked.added(last, move.name());
            }
            case "keys" -> dependents = true;
            case "ended" -> end(TaskState.DONE).added(last, move.name());
            case "dead" -> end(TaskState.DEAD).added(last, move.name());
            case "cancelled" -> end(TaskState.CANCELLED).added(last, move.name());
            default -> {
                // Nothing is remembered of what lies in the others.
            }
        }
    }

    private static String first(String bucket) {
        int slash = bucket.indexOf('/');
        return slash < 0 ? bucket : bucket.substring(0, slash);
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

    /** Whether any task waits for that one: mostly none waits for another, which needs no look at the disk. */
    boolean hasDependents(TaskId task) throws IOException {
        if (dependents == null) {
            dependents = Disk.list(layout.dependents()).length > 0;
        }
        return dependents && Disk.isThere(layout.dependents(task));
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
        Move move = announce(turn, task, relative(QueueLayout.parent(from)), target);
        place(from, target);
        takeIn(move);
    }

    /** A task appears: its draft is moved there, or gets one more name where others have names of that file as well. */
    void add(Turn turn, TaskName task, Enqueuer.Draft draft, Path target) throws IOException {
        Move move = announce(turn, task, NEW, target);
        Path file = draft.file().path();
        if (draft.alone()) {
            place(file, target);
            draft.file().moved();
        } else {
            link(file, target);
        }
        takeIn(move);
    }

    private static void link(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (NoSuchFileException e) {
            ensure(QueueLayout.parent(target), e);
            Files.createLink(target, file);
        }
    }

    private String relative(Path path) {
        return path.toString().substring(layout.home().toString().length() + 1);
    }

    private Move announce(Turn turn, TaskName task, String from, Path target) throws IOException {
        turn.nextPosition();
        Move move = new Move(
                queue,
                task.id().text(),
                TaskName.hex(task.sequence()),
                from,
                relative(QueueLayout.parent(target)),
                String.valueOf(target.getFileName()),
                inPart);
        turn.announce(Change.Kind.QUEUE, move.text());
        return move;
    }

    /** Something else of the queue changes, of which others remember nothing. */
    void announce(Turn turn) throws IOException {
        settings = null;
        turn.nextPosition();
        turn.announce(Change.Kind.QUEUE, Move.unknown(queue));
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

    /**
     * Moves scheduled tasks whose time has come to where they may be claimed, so many at a time, among them the first that a claimer may
     * claim; returns their names.
     */
    List<TaskName> promoteDue(Turn turn, long now, int most, Participant claimer) throws IOException {
        Set<String> mine = lanes.of(claimer);
        List<TaskName> moved = new ArrayList<>();
        for (Path file : schedule.due(now, most, task -> mine.contains(task.lane()))) {
            if (!Disk.isThere(file)) {
                // Whoever announced it was killed before, or hostile.
                schedule.forget();
                continue;
            }
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
