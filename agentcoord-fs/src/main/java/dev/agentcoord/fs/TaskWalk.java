package dev.agentcoord.fs;

import dev.agentcoord.TaskState;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Goes through the tasks of a state, bucket by bucket, in delivery order. Outside the section it may miss or repeat what moves meanwhile. */
final class TaskWalk {
    private final QueueLayout layout;

    TaskWalk(QueueLayout layout) {
        this.layout = layout;
    }

    /** How many tasks are in a state. */
    int count(TaskState state) throws IOException {
        int count = 0;
        for (Path bucket : buckets(state)) {
            for (String name : names(bucket)) {
                TaskName.requireTask(bucket, name);
                count++;
            }
        }
        return count;
    }

    /** The directories that hold the tasks of a state, those of ready ones by priority. */
    List<Path> buckets(TaskState state) throws IOException {
        List<Path> buckets = new ArrayList<>();
        switch (state) {
            case READY -> {
                for (int priority = 0; priority < QueueLayout.PRIORITIES; priority++) {
                    buckets.addAll(ready(priority));
                }
            }
            case CLAIMED -> buckets.add(layout.claimed());
            case SCHEDULED -> addInside(buckets, layout.scheduled());
            case BLOCKED -> {
                addInside(buckets, layout.blocked());
                for (String key : list(layout.keys())) {
                    if (Links.isHash(key)) {
                        addIfDirectory(buckets, layout.inLine(key));
                    }
                }
            }
            default -> addInside(buckets, layout.of(state));
        }
        return buckets;
    }

    /** The buckets of a priority, of all lanes. */
    List<Path> ready(int priority) throws IOException {
        List<Path> buckets = new ArrayList<>();
        addInside(buckets, layout.ready(QueueLayout.ANYONE, priority));
        for (String lane : list(layout.routed())) {
            addIfDirectory(buckets, layout.ready(lane, priority));
        }
        return buckets;
    }

    /** As {@link #addInside}, but what somebody made in the place of a key's or a lane's directory holds no task. */
    private static void addIfDirectory(List<Path> buckets, Path dir) throws IOException {
        try {
            addInside(buckets, dir);
        } catch (NotDirectoryException e) {
            return;
        }
    }

    private static void addInside(List<Path> buckets, Path dir) throws IOException {
        for (String name : list(dir)) {
            buckets.add(dir.resolve(name));
        }
    }

    /** The names in a bucket, in order; none where it is gone. */
    static List<String> names(Path bucket) throws IOException {
        return list(bucket);
    }

    private static List<String> list(Path dir) throws IOException {
        try {
            return List.of(Schedule.sorted(dir));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
