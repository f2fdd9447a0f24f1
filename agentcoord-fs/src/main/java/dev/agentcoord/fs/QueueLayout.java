package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/**
 * Where the tasks of one queue lie. A task's file never changes; the directory it is in and its name there are its state. Buckets bound
 * what a claim has to list.
 *
 * @param home the queue's directory
 */
record QueueLayout(Path home) {
    private static final int BUCKET_BITS = 9;
    static final int PRIORITIES = 10;

    /** Makes what is missing of the directories. */
    void make() throws IOException {
        if (Disk.isDirectory(dead())) {
            return;
        }
        ensure(home);
        for (Path dir : new Path[] {ids(), notes(), scheduled(), home.resolve("ready"), claimed(), ended()}) {
            ensure(dir);
        }
        for (int priority = 0; priority < PRIORITIES; priority++) {
            ensure(ready(priority));
        }
        ensure(dead());
        Calls.sync(home.resolve("ready"));
        Calls.sync(home);
        Calls.sync(parent(home));
    }

    /** Makes a directory that others may have made; tells whether it is new. */
    static boolean ensure(Path dir) throws IOException {
        try {
            Disk.mkdir(dir, Layout.SHARED_DIR);
            return true;
        } catch (FileAlreadyExistsException e) {
            if (!Disk.isDirectory(dir)) {
                throw Json.corrupt(dir, "it is not a directory", e);
            }
            return false;
        }
    }

    /** One more name of each task's file, by its id: what makes a repeated enqueue find the first one. */
    Path ids() {
        return home.resolve("ids");
    }

    Path id(TaskId id) {
        return ids().resolve(id.text());
    }

    /** Results and causes, a file for each delivery that left one. */
    Path notes() {
        return home.resolve("notes");
    }

    Path note(TaskName task) {
        return notes().resolve(task.id() + "~" + task.delivery());
    }

    Path scheduled() {
        return home.resolve("scheduled");
    }

    Path scheduled(TaskName task, long due) {
        return scheduled().resolve(task.scheduled(due));
    }

    Path ready(int priority) {
        return home.resolve("ready").resolve(Integer.toString(priority));
    }

    Path ready(TaskName task) {
        String bucket = String.format("%014x", task.sequence() >>> BUCKET_BITS);
        return ready(task.priority()).resolve(bucket).resolve(task.ready());
    }

    Path claimed() {
        return home.resolve("claimed");
    }

    Path claimed(TaskName task, SessionId by) {
        return claimed().resolve(task.claimed(by));
    }

    Path ended() {
        return home.resolve("ended");
    }

    Path dead() {
        return home.resolve("dead");
    }

    /** The directory of a state that has one directory only; READY has buckets. */
    Path of(TaskState state) {
        return switch (state) {
            case SCHEDULED, BLOCKED -> scheduled();
            case READY -> home.resolve("ready");
            case CLAIMED -> claimed();
            case DONE, CANCELLED -> ended();
            case DEAD -> dead();
        };
    }

    static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }
}
