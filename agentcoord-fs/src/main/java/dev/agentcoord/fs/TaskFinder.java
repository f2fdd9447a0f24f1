package dev.agentcoord.fs;

import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds a task by its id. The link at its id says its number in the queue, its priority and its ordering key, which leaves a few buckets
 * to look into. Used inside the section only.
 */
final class TaskFinder {
    /** What a link says of a task that is gone: that, its last state and when it ended. */
    private static final String GONE = "gone";

    private final QueueLayout layout;
    private final Lanes lanes;
    private final Schedule schedule;
    private final QueueDirectory directory;

    TaskFinder(QueueLayout layout, Lanes lanes, Schedule schedule, QueueDirectory directory) {
        this.layout = layout;
        this.lanes = lanes;
        this.schedule = schedule;
        this.directory = directory;
    }

    /** What the link at a task's id says. */
    static String hint(TaskName task, String key) {
        return Long.toHexString(task.number()) + "." + task.priority() + "." + (key.isEmpty() ? "-" : key);
    }

    static String gone(TaskState state, long moment) {
        return GONE + "." + state + "." + moment;
    }

    /** The last state of a task whose link says that it is gone; null where it does not say so, whoever made it. */
    static @Nullable TaskState endOf(@Nullable String hint) {
        for (TaskState state : TaskState.values()) {
            if (hint != null && hint.startsWith(GONE + "." + state + ".")) {
                return state;
            }
        }
        return null;
    }

    QueueDirectory.@Nullable Entry find(TaskId id, String hint) throws IOException {
        String[] words = hint.split("\\.", -1);
        if (words.length != 3 || words[0].equals(GONE)) {
            return null;
        }
        long number;
        int priority;
        try {
            number = Long.parseLong(words[0], 16);
            priority = Integer.parseInt(words[1]);
        } catch (NumberFormatException e) {
            return null;
        }
        if (priority < 0 || priority >= QueueLayout.PRIORITIES) {
            return null;
        }
        QueueDirectory.Entry entry = find(id, places(number, priority, words[2]));
        return entry != null ? entry : find(id, routed(number, priority));
    }

    private static QueueDirectory.@Nullable Entry find(TaskId id, List<Place> places) throws IOException {
        for (Place place : places) {
            QueueDirectory.Entry entry = find(id, place);
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    private record Place(Path dir, TaskState state) {}

    private List<Place> places(long number, int priority, String key) throws IOException {
        List<Place> places = new ArrayList<>();
        places.add(new Place(layout.claimed(), TaskState.CLAIMED));
        add(places, lanes.anyones(priority), number, TaskState.READY);
        for (TaskState end : List.of(TaskState.DONE, TaskState.DEAD, TaskState.CANCELLED)) {
            add(places, directory.end(end), number, end);
        }
        add(places, directory.blocked(), number, TaskState.BLOCKED);
        if (Links.isHash(key)) {
            add(places, new Shelf(layout.inLine(key)), number, TaskState.BLOCKED);
        }
        schedule.bucketsOf(number).forEach(dir -> places.add(new Place(dir, TaskState.SCHEDULED)));
        return places;
    }

    /** Asked last: there may be many lanes, and few tasks that are looked for wait in one. */
    private List<Place> routed(long number, int priority) throws IOException {
        List<Place> places = new ArrayList<>();
        for (Shelf shelf : lanes.all(priority)) {
            add(places, shelf, number, TaskState.READY);
        }
        return places;
    }

    private static void add(List<Place> places, Shelf shelf, long number, TaskState state) throws IOException {
        Path bucket = shelf.bucketOf(number);
        if (bucket != null) {
            places.add(new Place(bucket, state));
        }
    }

    private static QueueDirectory.@Nullable Entry find(TaskId id, Place place) throws IOException {
        try {
            for (String name : Disk.list(place.dir)) {
                if (TaskName.isOf(name, id)) {
                    return new QueueDirectory.Entry(
                            TaskName.parse(place.dir, name), place.dir.resolve(name), place.state);
                }
            }
        } catch (NoSuchFileException e) {
            // Removed as the empty one it was.
            return null;
        }
        return null;
    }
}
