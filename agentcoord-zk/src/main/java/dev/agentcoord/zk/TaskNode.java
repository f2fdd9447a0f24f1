package dev.agentcoord.zk;

import dev.agentcoord.LimitExceededException;
import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Admission;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.core.record.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the znode of a task says: a line of JSON, then the text of its outcome, then its payload. Its version counts the task's
 * transitions, so each is made once, from the one before. Not thread-safe.
 */
final class TaskNode {
    /**
     * Of all that one change may write, which is three tasks with their payloads, outcomes, those that wait for them and the tickets of one,
     * this leaves to the headers of each what fits one request. It is twice what headers may have, so only control characters exceed it.
     */
    private static final int HEADERS_BYTES = 132 * 1024;

    final NewTask what;
    final TaskId id;
    final long number;
    final String by;
    final Instant enqueued;
    TaskState state = TaskState.BLOCKED;
    Admission admission = Admission.IN_LINE;
    Route route;
    int delivery;
    int attempt;
    /** Not before then it may be claimed. */
    long due;
    /** When it ended, or was last given back. */
    long since;
    /** Those it depends on that are not done. */
    final Set<TaskId> waits = new LinkedHashSet<>();
    /** Those that depend on it, until it is done or cancelled and they know. */
    final Set<TaskId> dependents = new LinkedHashSet<>();
    /** The session that works on it, or empty. */
    String claimer = "";
    /** The name of that session's agent. */
    String agent = "";

    String outcome = "";
    /** Whether only its id, and how it ended, is still known. */
    boolean isGone;
    /** Whether it may own tickets while nobody has claimed it, and may have had some when it was claimed. */
    boolean hasLocks;
    /** The transaction that made it; 0 before. */
    long position;

    TaskNode(NewTask what, TaskId id, long number, String by, Instant enqueued) {
        this.what = what;
        this.id = id;
        this.number = number;
        this.by = by;
        this.enqueued = enqueued;
        this.route = Route.of(what);
    }

    /** Refuses one that would be so large that a later change of it, which nobody could make smaller, would not fit one request. */
    static void checkSize(NewTask what) {
        int bytes = Json.write(what.headers()).length;
        if (bytes > HEADERS_BYTES) {
            throw new LimitExceededException(
                    what.headers().keySet(),
                    "headers have at most " + HEADERS_BYTES + " bytes as JSON in ZooKeeper, got " + bytes
                            + "; use the payload");
        }
    }

    boolean isPending() {
        return !state.isEnd();
    }

    /** What stays of it when it is removed. */
    TaskNode gone() {
        NewTask bare = NewTask.of("").priority(what.priority()).maxAttempts(what.maxAttempts());
        TaskNode gone = new TaskNode(bare, id, number, by, enqueued);
        gone.state = state;
        gone.since = since;
        gone.attempt = attempt;
        gone.delivery = delivery;
        gone.isGone = true;
        return gone;
    }

    boolean isClaimedBy(SessionId session) {
        return state == TaskState.CLAIMED && claimer.equals(session.text());
    }

    TaskLeaf leaf() {
        return new TaskLeaf(what.priority(), number, moment(), by, id);
    }

    private long moment() {
        return switch (state) {
            case SCHEDULED -> due;
            case CLAIMED -> delivery;
            case DONE, DEAD, CANCELLED -> since;
            case BLOCKED, READY -> 0;
        };
    }

    TaskInfo info(long now) {
        boolean isDue = state == TaskState.SCHEDULED && due <= now;
        TaskInfo info = new TaskInfo(what, id, isDue ? TaskState.READY : state, attempt, enqueued, outcome)
                .recipient(route.recipient());
        if (state == TaskState.SCHEDULED && !isDue) {
            return info.due(Instant.ofEpochMilli(due));
        }
        return claimer.isEmpty() ? info : info.claimer(new SessionId(claimer));
    }

    byte[] encode() {
        byte[] text = outcome.getBytes(StandardCharsets.UTF_8);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("state", (state == TaskState.BLOCKED ? admission.name() : state.name()).toLowerCase(Locale.ROOT));
        fields.put("number", number);
        fields.put("by", by);
        fields.put("enqueued", enqueued.toString());
        fields.put("priority", what.priority());
        fields.put("maxAttempts", what.maxAttempts());
        fields.put("attempt", attempt);
        fields.put("delivery", delivery);
        fields.put("dueMillis", due);
        fields.put("sinceMillis", since);
        fields.put("parkMillis", what.parkTimeout().toMillis());
        fields.put("outcomeBytes", text.length);
        fields.put("headers", what.headers());
        what.dedupKey().ifPresent(key -> fields.put("dedupKey", key));
        what.orderingKey().ifPresent(key -> fields.put("orderingKey", key));
        what.target().ifPresent(name -> fields.put("target", name));
        put(fields, "capabilities", what.capabilities());
        put(fields, "dependsOn", what.dependsOn());
        if (!route.equals(Route.of(what))) {
            fields.put("to", route.target());
            fields.put("toCapabilities", new TreeSet<>(route.capabilities()));
        }
        put(fields, "waits", waits);
        put(fields, "dependents", dependents);
        if (isGone) {
            fields.put("gone", true);
        }
        if (hasLocks) {
            fields.put("locks", true);
        }
        if (!claimer.isEmpty()) {
            fields.put("claimer", claimer);
            fields.put("agent", agent);
        }
        return joined(Json.write(fields), text, what.payload());
    }

    private static void put(Map<String, Object> fields, String name, Set<?> values) {
        if (!values.isEmpty()) {
            fields.put(name, values);
        }
    }

    /** Reads what {@link #encode} wrote; throws {@link dev.agentcoord.CorruptRecordException} naming the path for anything else. */
    static TaskNode decode(String path, TaskId id, byte[] data) {
        Parts parts = Parts.of(path, data);
        return parts.fields.into(fields -> decode(path, id, fields, parts.rest));
    }

    private static TaskNode decode(String path, TaskId id, Json.Fields fields, byte[] rest) {
        int textLength = fields.integer("outcomeBytes");
        if (textLength < 0 || textLength > rest.length) {
            throw Json.corrupt(path, "it is not whole", null);
        }
        NewTask what = NewTask.of(Arrays.copyOfRange(rest, textLength, rest.length))
                .priority(fields.integer("priority"))
                .maxAttempts(fields.integer("maxAttempts"))
                .headers(fields.textMap("headers"))
                .parkTimeout(Duration.ofMillis(fields.number("parkMillis")));
        what = fields.has("dedupKey") ? what.dedupKey(fields.text("dedupKey")) : what;
        what = fields.has("orderingKey") ? what.orderingKey(fields.text("orderingKey")) : what;
        what = fields.has("target") ? what.target(fields.text("target")) : what;
        what = what.requires(Set.copyOf(texts(fields, "capabilities")))
                .dependsOn(ids(fields, "dependsOn").stream().collect(Collectors.toSet()));
        TaskNode task = new TaskNode(what, id, fields.number("number"), fields.text("by"), fields.instant("enqueued"));
        task.readState(path, fields.text("state").toUpperCase(Locale.ROOT));
        if (fields.has("to")) {
            task.route = new Route(fields.text("to"), Set.copyOf(fields.texts("toCapabilities")));
        }
        task.attempt = fields.integer("attempt");
        task.delivery = fields.integer("delivery");
        task.due = fields.number("dueMillis");
        task.since = fields.number("sinceMillis");
        task.waits.addAll(ids(fields, "waits"));
        task.dependents.addAll(ids(fields, "dependents"));
        task.claimer = fields.has("claimer") ? fields.text("claimer") : "";
        task.agent = fields.has("agent") ? fields.text("agent") : "";
        task.isGone = fields.has("gone");
        task.hasLocks = fields.has("locks");
        task.outcome = new String(rest, 0, textLength, StandardCharsets.UTF_8);
        return task;
    }

    private void readState(String path, String text) {
        try {
            if (text.equals(Admission.IN_LINE.name()) || text.equals(Admission.DEPENDENT.name())) {
                admission = Admission.valueOf(text);
                state = TaskState.BLOCKED;
            } else {
                state = TaskState.valueOf(text);
                admission = state == TaskState.SCHEDULED ? Admission.DELAYED : Admission.ADMITTED;
            }
        } catch (IllegalArgumentException e) {
            throw Json.corrupt(path, "it is in no state that is known", e);
        }
    }

    private static List<String> texts(Json.Fields fields, String name) {
        return fields.has(name) ? fields.texts(name) : List.of();
    }

    private static List<TaskId> ids(Json.Fields fields, String name) {
        List<TaskId> ids = new ArrayList<>();
        texts(fields, name).forEach(text -> ids.add(new TaskId(text)));
        return ids;
    }

    /** What is kept of one delivery. */
    static byte[] attempt(TaskAttempt.Outcome outcome, String agent, long ended, String text) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
        fields.put("agent", agent);
        fields.put("endedMillis", ended);
        return joined(Json.write(fields), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads that. */
    static TaskAttempt attempt(String path, int delivery, byte[] data) {
        Parts parts = Parts.of(path, data);
        return parts.fields.into(fields -> new TaskAttempt(
                delivery,
                fields.constant("outcome", TaskAttempt.Outcome.class),
                new String(parts.rest, StandardCharsets.UTF_8),
                fields.text("agent"),
                Instant.ofEpochMilli(fields.number("endedMillis"))));
    }

    private static byte[] joined(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    /** A line of JSON and what comes after it. */
    private static final class Parts {
        private final Json.Fields fields;
        private final byte[] rest;

        private Parts(Json.Fields fields, byte[] rest) {
            this.fields = fields;
            this.rest = rest;
        }

        static Parts of(String path, byte[] data) {
            int end = 0;
            while (end < data.length && data[end] != '\n') {
                end++;
            }
            if (end == data.length) {
                throw Json.corrupt(path, "it is not whole", null);
            }
            return new Parts(Json.read(path, Arrays.copyOf(data, end)), Arrays.copyOfRange(data, end + 1, data.length));
        }
    }
}
