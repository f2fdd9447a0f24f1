package dev.agentcoord;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task as stored: what was asked for, where it stands, who works on it. A snapshot, immutable; the payload is copied out. */
public final class TaskInfo {
    private final NewTask task;
    private final TaskId id;
    private final TaskState state;
    private final int attempt;
    private final Instant enqueued;
    private final String outcome;
    private final @Nullable Instant due;
    private final @Nullable SessionId claimer;
    private final Recipient recipient;

    /** Made by backends from what they store; {@code outcome} is the result or the last cause of failure, else empty. */
    public TaskInfo(NewTask task, TaskId id, TaskState state, int attempt, Instant enqueued, String outcome) {
        this(
                task,
                id,
                state,
                attempt,
                enqueued,
                outcome,
                null,
                null,
                new Recipient(task.target(), task.capabilities()));
    }

    private TaskInfo(
            NewTask task,
            TaskId id,
            TaskState state,
            int attempt,
            Instant enqueued,
            String outcome,
            @Nullable Instant due,
            @Nullable SessionId claimer,
            Recipient recipient) {
        this.task = task;
        this.id = id;
        this.state = state;
        this.attempt = attempt;
        this.enqueued = enqueued;
        this.outcome = outcome;
        this.due = due;
        this.claimer = claimer;
        this.recipient = recipient;
    }

    /** The same, not claimable before that moment. */
    public TaskInfo due(Instant moment) {
        return new TaskInfo(task, id, state, attempt, enqueued, outcome, moment, claimer, recipient);
    }

    /** The same, claimed by that session. */
    public TaskInfo claimer(SessionId session) {
        return new TaskInfo(task, id, state, attempt, enqueued, outcome, due, session, recipient);
    }

    /** The same, handed to that one since it was enqueued. */
    public TaskInfo recipient(Recipient to) {
        return new TaskInfo(task, id, state, attempt, enqueued, outcome, due, claimer, to);
    }

    /** Names the task in its queue. */
    public TaskId id() {
        return id;
    }

    /** Where it stood when read. */
    public TaskState state() {
        return state;
    }

    /** What it asked for when it was enqueued: keys, target, dependencies and the rest. */
    public NewTask asEnqueued() {
        return task;
    }

    /** 0 (first) to 9 (last). */
    public int priority() {
        return task.priority();
    }

    /** How many of its deliveries count, the current one included; 0 before the first and after a redrive. */
    public int attempt() {
        return attempt;
    }

    /** Deliveries before it is a dead letter. */
    public int maxAttempts() {
        return task.maxAttempts();
    }

    /** When it was enqueued, by the enqueuer's wall clock; for people only. */
    public Instant enqueued() {
        return enqueued;
    }

    /** Not before then it may be claimed, where it is SCHEDULED. */
    public Optional<Instant> due() {
        return Optional.ofNullable(due);
    }

    /** Who works on it, where it is CLAIMED. */
    public Optional<SessionId> claimer() {
        return Optional.ofNullable(claimer);
    }

    /** Who may claim it: whom it was last handed to, else whom it was enqueued for. */
    public Recipient recipient() {
        return recipient;
    }

    /** Headers; immutable. */
    public Map<String, String> headers() {
        return task.headers();
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return task.payload();
    }

    /** The payload as UTF-8 text. */
    public String payloadText() {
        return new String(payload(), StandardCharsets.UTF_8);
    }

    /** Its result when done, the last cause when it failed or was cancelled, else empty. */
    public String outcome() {
        return outcome;
    }

    @Override
    public String toString() {
        return id + " " + state + " attempt " + attempt + "/" + maxAttempts();
    }
}
