package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/**
 * Where the tasks of one queue lie. A task's file never changes; the directory it is in and its name there are its state.
 *
 * @param home the queue's directory
 */
record QueueLayout(Path home) {
    /** Where those wait that are behind another of their key. */
    static final String WAITING = "waiting";

    static final int PRIORITIES = 10;
    /** The lane of tasks that are for anyone. */
    static final String ANYONE = "any";

    private static final int BUCKET_BITS = 9;

    /** Makes what is missing of the directories. */
    void make() throws IOException {
        if (Disk.isDirectory(dead())) {
            return;
        }
        ensure(home);
        for (Path dir : new Path[] {
            ids(),
            notes(),
            scheduled(),
            home.resolve("ready"),
            claimed(),
            ended(),
            cancelled(),
            blocked(),
            keys(),
            dependents(),
            dedup(),
            routed(),
            remembered()
        }) {
            ensure(dir);
        }
        for (int priority = 0; priority < PRIORITIES; priority++) {
            ensure(ready(ANYONE, priority));
        }
        ensure(dead());
        Disk.sync(home.resolve("ready"));
        Disk.sync(home);
        Disk.sync(parent(home));
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

    /** The bucket of the how many-th task of the queue. */
    static String range(long number) {
        String digits = Long.toHexString(number >>> BUCKET_BITS);
        return "0".repeat(14 - digits.length()) + digits;
    }

    /** A link for each task, by its id, that says where it may be: what makes a repeated enqueue find the first one. */
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

    /** Why a task was cancelled; no delivery's note has such a name. */
    Path reason(TaskId cancelled) {
        return notes().resolve(cancelled + "~cancelled");
    }

    Path scheduled() {
        return home.resolve("scheduled");
    }

    /** Tasks that may be claimed, by lane and priority. */
    Path ready(String lane, int priority) {
        Path lanes = lane.equals(ANYONE) ? home.resolve("ready") : lane(lane);
        return lanes.resolve(Integer.toString(priority));
    }

    /** The lanes of tasks that are not for anyone. */
    Path routed() {
        return home.resolve("routed");
    }

    Path lane(String lane) {
        return routed().resolve(lane);
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

    Path cancelled() {
        return home.resolve("cancelled");
    }

    /** Tasks that wait for those they depend on. */
    Path blocked() {
        return home.resolve("blocked");
    }

    /** For each task that others wait for, a link to each of those. */
    Path dependents() {
        return home.resolve("dependents");
    }

    Path dependents(TaskId on) {
        return dependents().resolve(on.text());
    }

    /** For each ordering key its first task, and those that wait behind it. */
    Path keys() {
        return home.resolve("keys");
    }

    /** The id of the one task of a key that has not ended and does not wait for another of that key. */
    Path first(String key) {
        return keys().resolve(key).resolve("first");
    }

    Path inLine(String key) {
        return keys().resolve(key).resolve(WAITING);
    }

    /** For each dedup key the id of the task that has it. */
    Path dedup() {
        return home.resolve("dedup");
    }

    /** What has to be finished by whoever comes next, if the one who began it died. */
    Path unsettled() {
        return home.resolve("unsettled");
    }

    /** Ids of tasks that are gone, by the hour in which they ended. */
    Path remembered() {
        return home.resolve("remembered");
    }

    Path settings() {
        return home.resolve("settings");
    }

    Path counts() {
        return home.resolve("counts");
    }

    /** The directory of buckets of a state in which it does not depend on the task. */
    Path of(TaskState end) {
        return switch (end) {
            case DONE -> ended();
            case DEAD -> dead();
            case CANCELLED -> cancelled();
            default -> throw new IllegalArgumentException(end + " is no end");
        };
    }

    static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }
}
