package dev.agentcoord;

import dev.agentcoord.core.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A task to be enqueued: its payload and how it wants to be treated. Immutable; each method returns a changed copy. */
public final class NewTask {
    /** Deliveries a task gets before it is a dead letter, unless it says otherwise. */
    public static final int DEFAULT_MAX_ATTEMPTS = 5;
    /** The middle of priorities 0 (first) to 9 (last). */
    public static final int DEFAULT_PRIORITY = 5;

    private final byte[] payload;
    private final @Nullable TaskId id;
    private final int priority;
    private final int maxAttempts;
    private final Duration delay;
    private final Map<String, String> headers;

    private NewTask(
            byte[] payload,
            @Nullable TaskId id,
            int priority,
            int maxAttempts,
            Duration delay,
            Map<String, String> headers) {
        this.payload = payload;
        this.id = id;
        this.priority = priority;
        this.maxAttempts = maxAttempts;
        this.delay = delay;
        this.headers = headers;
    }

    /** A task with a payload of at most 64 KB; throws {@link LimitExceededException}. */
    public static NewTask of(byte[] payload) {
        byte[] copy = Limits.value("task payload", payload).clone();
        return new NewTask(copy, null, DEFAULT_PRIORITY, DEFAULT_MAX_ATTEMPTS, Duration.ZERO, Map.of());
    }

    /** A task with a UTF-8 text payload of at most 64 KB; throws {@link LimitExceededException}. */
    public static NewTask of(String payload) {
        return of(payload.getBytes(StandardCharsets.UTF_8));
    }

    /** With an id of the client's choice: enqueueing it again finds the first one instead of making a second. */
    public NewTask id(TaskId chosen) {
        return new NewTask(payload, chosen, priority, maxAttempts, delay, headers);
    }

    /** With a priority from 0 (first) to 9 (last); throws {@link InvalidRequestException} outside. */
    public NewTask priority(int value) {
        if (value < 0 || value > 9) {
            throw new InvalidRequestException(value, "priority is 0 (first) to 9 (last), got " + value);
        }
        return new NewTask(payload, id, value, maxAttempts, delay, headers);
    }

    /** With a number of attempts, at least 1, after which it is a dead letter; throws {@link InvalidRequestException}. */
    public NewTask maxAttempts(int value) {
        if (value < 1) {
            throw new InvalidRequestException(value, "a task needs at least 1 attempt, got " + value);
        }
        return new NewTask(payload, id, priority, value, delay, headers);
    }

    /** Not claimable before this much time has passed; throws {@link InvalidRequestException} when negative. */
    public NewTask delay(Duration value) {
        if (value.isNegative()) {
            throw new InvalidRequestException(value, "a delay cannot be negative: " + value);
        }
        return new NewTask(payload, id, priority, maxAttempts, value, headers);
    }

    /** With headers for people and tools; they count towards the payload's limit. */
    public NewTask headers(Map<String, String> pairs) {
        return new NewTask(payload, id, priority, maxAttempts, delay, Map.copyOf(pairs));
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return payload.clone();
    }

    /** The id the client chose, if it did. */
    public Optional<TaskId> id() {
        return Optional.ofNullable(id);
    }

    /** 0 (first) to 9 (last). */
    public int priority() {
        return priority;
    }

    /** Deliveries before it is a dead letter. */
    public int maxAttempts() {
        return maxAttempts;
    }

    /** Time from enqueue until it may be claimed; zero for at once. */
    public Duration delay() {
        return delay;
    }

    /** Headers; immutable. */
    public Map<String, String> headers() {
        return headers;
    }
}
