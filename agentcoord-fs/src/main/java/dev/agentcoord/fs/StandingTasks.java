package dev.agentcoord.fs;

import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The tasks of a queue as the names of a new boot tell them, each in one place. Used inside, before anybody remembers anything of the queue. */
final class StandingTasks {
    private static final long STEPS = 7;

    private final Map<Long, Place> there = new HashMap<>();
    private final Map<TaskName, Path> read = new LinkedHashMap<>();
    private boolean hasChanged;

    /** Where a task is. */
    private record Place(Path bucket, String name, TaskState state) {
        Path file() {
            return bucket.resolve(name);
        }

        /**
         * How far it is there: each delivery takes a task from ready to claimed, and from there to an end or back. A dead letter may have
         * been redriven.
         */
        long stage(TaskName task) {
            int step = switch (state) {
                case CLAIMED -> 0;
                case DEAD -> 1;
                case BLOCKED -> isInLine() ? 3 : 2;
                case SCHEDULED -> 4;
                case READY -> 5;
                case DONE, CANCELLED -> 6;
            };
            return STEPS * task.delivery() + step;
        }

        private boolean isInLine() {
            return QueueLayout.parent(bucket).endsWith(QueueLayout.WAITING);
        }
    }

    /** Looks for all of them; those whose sequence matters are read in full. */
    void find(QueueLayout queue, LongPredicate matters) throws IOException {
        TaskWalk walk = new TaskWalk(queue);
        for (TaskState state : TaskState.values()) {
            for (Path bucket : walk.buckets(state)) {
                // What else somebody made there must neither keep everybody out nor lead elsewhere.
                for (String name : Disk.isDirectory(bucket) ? TaskWalk.names(bucket) : List.<String>of()) {
                    found(new Place(bucket, name, state), matters);
                }
            }
        }
    }

    /** Of most nothing is to be known but that they are there. */
    private void found(Place place, LongPredicate matters) throws IOException {
        long sequence = TaskName.sequenceOf(place.name);
        if (sequence >= 0 && !matters.test(sequence) && !there.containsKey(sequence)) {
            there.put(sequence, place);
            return;
        }
        TaskName task = sequence < 0 ? null : TaskName.parseOrNull(place.name);
        if (task != null && isLatest(task, place)) {
            there.put(sequence, place);
            read.put(task, place.file());
        }
    }

    /**
     * A directory that is synced may remember a name that came without forgetting, in another directory, where it came from, as btrfs
     * does. The same file has two names then, and the one it had before goes.
     */
    private boolean isLatest(TaskName task, Place place) throws IOException {
        Place other = there.get(task.sequence());
        TaskName otherName = other == null ? null : TaskName.parseOrNull(other.name);
        if (other == null || otherName == null || !isOneFile(other.file(), place.file())) {
            return true;
        }
        boolean isLater = place.stage(task) > other.stage(otherName);
        Path earlier = isLater ? other.file() : place.file();
        Disk.unlink(earlier);
        hasChanged = true;
        if (isLater) {
            read.remove(otherName);
        }
        return isLater;
    }

    private static boolean isOneFile(Path one, Path other) throws IOException {
        return Disk.isFile(one) && Disk.links(one) > 1 && Objects.equals(Disk.identity(one), Disk.identity(other));
    }

    /** The file of a task; null where it is nowhere. */
    @Nullable Path fileOf(TaskName task) {
        Place place = there.get(task.sequence());
        return place == null ? null : place.file();
    }

    /** One that was written again. */
    void put(TaskName task, Path file) {
        Place place = new Place(QueueLayout.parent(file), String.valueOf(file.getFileName()), TaskState.READY);
        there.put(task.sequence(), place);
    }

    /** Those that were read, in the order of the disk, with their files. */
    Map<TaskName, Path> read() {
        return read;
    }

    /** Whether any has ended. */
    boolean haveSomeEnded() {
        return there.values().stream().anyMatch(place -> place.state.isEnd());
    }

    /** Those of an id that have ended. */
    List<TaskName> ended(TaskId id) {
        List<TaskName> ended = new ArrayList<>();
        for (Place place : there.values()) {
            boolean isOver = place.state.isEnd() && TaskName.isOf(place.name, id);
            TaskName task = isOver ? TaskName.parseOrNull(place.name) : null;
            if (task != null) {
                ended.add(task);
            }
        }
        return ended;
    }

    /** Whether a name was taken away. */
    boolean hasChanged() {
        return hasChanged;
    }
}
