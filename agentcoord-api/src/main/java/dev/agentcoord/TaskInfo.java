package dev.agentcoord;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** A task as stored, a snapshot. Immutable; the payload is copied out. */
public final class TaskInfo {
    private final TaskId id;
    private final TaskState state;
    private final int priority;
    private final int attempt;
    private final int maxAttempts;
    private final Instant enqueued;
    private final Map<String, String> headers;
    private final byte[] payload;
    private final String outcome;

    /** Made by backends from what they store; {@code outcome} is the result or the last cause of failure, else empty. */
    public TaskInfo(NewTask task, TaskId id, TaskState state, int attempt, Instant enqueued, String outcome) {
        this.id = id;
        this.state = state;
        this.priority = task.priority();
        this.attempt = attempt;
        this.maxAttempts = task.maxAttempts();
        this.enqueued = enqueued;
        this.headers = task.headers();
        this.payload = task.payload();
        this.outcome = outcome;
    }

    /** Names the task in its queue. */
    public TaskId id() {
        return id;
    }

    /** Where it stood when read. */
    public TaskState state() {
        return state;
    }

    /** 0 (first) to 9 (last). */
    public int priority() {
        return priority;
    }

    /** How often it has been delivered, the current delivery included; 0 before the first. */
    public int attempt() {
        return attempt;
    }

    /** Deliveries before it is a dead letter. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** When it was enqueued, by the enqueuer's wall clock; for people only. */
    public Instant enqueued() {
        return enqueued;
    }

    /** Headers; immutable. */
    public Map<String, String> headers() {
        return headers;
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The payload as UTF-8 text. */
    public String payloadText() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /** Its result when done, the last cause when it failed, else empty. */
    public String outcome() {
        return outcome;
    }

    @Override
    public String toString() {
        return id + " " + state + " attempt " + attempt + "/" + maxAttempts;
    }
}
