package dev.agentcoord.zk;

import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.lock.SafeText;
import dev.agentcoord.core.queue.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Where the znodes of one queue are. A task is one znode that says all of it; an empty one beside it, whose directory is the task's state
 * and whose name is its place in line, makes it found. No directory that is ever listed has more than a bucket of names.
 *
 * @param root of the queue; its data is the settings
 */
record QueueNodes(String root) {
    /** Tasks with numbers in a row that share a directory: 256. */
    private static final int BUCKET_BITS = 8;

    private static final int TASK_BUCKETS = 64;
    /** The lane of the tasks that are for whoever comes. */
    static final String ANYONE = "any";

    /** What every queue has from the start. */
    List<String> fixed() {
        List<String> all = new ArrayList<>();
        for (String part : List.of(
                "tasks",
                "ready",
                "scheduled",
                "blocked",
                "claimed",
                "done",
                "dead",
                "cancelled",
                "holders",
                "line",
                "dedup",
                "settle",
                "waiting",
                "forgotten")) {
            all.add(root + "/" + part);
        }
        IntStream.range(0, TASK_BUCKETS).forEach(n -> all.add(String.format("%s/tasks/%02x", root, n)));
        return all;
    }

    /** How many tasks were ever enqueued. */
    String tail() {
        return root + "/tail";
    }

    String task(TaskId id) {
        CRC32 crc = new CRC32();
        crc.update(id.text().getBytes(StandardCharsets.US_ASCII));
        return String.format("%s/tasks/%02x/%s", root, crc.getValue() % TASK_BUCKETS, id);
    }

    /** How one delivery of a task ended. */
    String attempt(TaskId id, int delivery) {
        return String.format("%s/%010d", task(id), delivery);
    }

    String of(TaskState state) {
        return root + "/" + state.name().toLowerCase(Locale.ROOT);
    }

    String claimedBy(String session) {
        return of(TaskState.CLAIMED) + "/" + session;
    }

    /** Which task is the one of its ordering key that is not in line. */
    String holder(String key) {
        return root + "/holders/" + ZnodeName.of(key);
    }

    /** Those that are, in buckets. */
    String line(String key) {
        return root + "/line/" + ZnodeName.of(key);
    }

    String inLine(String key, TaskLeaf leaf) {
        return line(key) + "/" + bucket(leaf.number()) + "/" + leaf.name();
    }

    String dedup(String key) {
        return root + "/dedup/" + ZnodeName.of(key);
    }

    /** The tasks that have ended while others waited for them, until those know. */
    String settle() {
        return root + "/settle";
    }

    /** Of tasks that were removed the ids that are still known, in buckets. */
    String forgotten() {
        return root + "/forgotten";
    }

    String forgotten(TaskLeaf leaf) {
        return forgotten() + "/" + bucket(leaf.number()) + "/" + leaf.name();
    }

    /** The consumers that wait for a task. */
    String waiting() {
        return root + "/waiting";
    }

    /** The place of a task in that state. */
    String place(TaskState state, TaskLeaf leaf, Route route, String claimer) {
        String dir = switch (state) {
            case READY -> "/" + lane(route) + "/" + leaf.priority() + "-" + bucket(leaf.number());
            case SCHEDULED -> "/" + minute(leaf.moment()) + "/" + bucket(leaf.number());
            case CLAIMED -> "/" + claimer;
            case BLOCKED, DONE, DEAD, CANCELLED -> "/" + bucket(leaf.number());
        };
        return of(state) + dir + "/" + leaf.name();
    }

    /** The directories above a znode that are made when they are needed, the uppermost first. */
    List<String> parents(String path) {
        List<String> parents = new ArrayList<>();
        int fixed = path.indexOf('/', root.length() + 1);
        if (path.startsWith("tasks/", root.length() + 1)) {
            return parents;
        }
        for (int slash = path.indexOf('/', fixed + 1); fixed > 0 && slash > 0; slash = path.indexOf('/', slash + 1)) {
            parents.add(path.substring(0, slash));
        }
        return parents;
    }

    /** The route of a lane's name. */
    static Route route(String lane) {
        if (lane.equals(ANYONE)) {
            return Route.ANYONE;
        }
        String text = SafeText.read(lane);
        int colon = text.indexOf(':');
        String words = text.substring(colon + 1);
        return new Route(text.substring(0, colon), words.isEmpty() ? Set.of() : Set.of(words.split(",", -1)));
    }

    /** Sorts as time does. */
    static String minute(long millis) {
        return String.format("%09x", Math.max(0, millis) / 60_000);
    }

    private static String lane(Route route) {
        if (route.isForAnyone()) {
            return ANYONE;
        }
        return ZnodeName.of(route.text());
    }

    private static String bucket(long number) {
        return String.format("%010x", number >> BUCKET_BITS);
    }
}
