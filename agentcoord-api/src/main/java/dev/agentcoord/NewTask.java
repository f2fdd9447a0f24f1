package dev.agentcoord;

import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A task to be enqueued: its payload and how it wants to be treated. Immutable; each method returns a changed copy. */
public final class NewTask {
    /** Deliveries a task gets before it is a dead letter, unless it says otherwise. */
    public static final int DEFAULT_MAX_ATTEMPTS = 5;
    /** The most attempts a task may ask for. */
    public static final int MOST_ATTEMPTS = 1_000_000;
    /** The middle of priorities 0 (first) to 9 (last). */
    public static final int DEFAULT_PRIORITY = 5;

    private final byte[] payload;
    private final @Nullable TaskId id;
    private final int priority;
    private final int maxAttempts;
    private final Duration delay;
    private final Map<String, String> headers;
    private final @Nullable String dedupKey;
    private final @Nullable String orderingKey;
    private final @Nullable String target;
    private final Set<String> capabilities;
    private final Set<TaskId> dependsOn;

    private NewTask(Draft draft) {
        this.payload = draft.payload;
        this.id = draft.id;
        this.priority = draft.priority;
        this.maxAttempts = draft.maxAttempts;
        this.delay = draft.delay;
        this.headers = draft.headers;
        this.dedupKey = draft.dedupKey;
        this.orderingKey = draft.orderingKey;
        this.target = draft.target;
        this.capabilities = draft.capabilities;
        this.dependsOn = draft.dependsOn;
    }

    /** What a changed copy is made of. */
    private static final class Draft {
        private final byte[] payload;
        private @Nullable TaskId id;
        private int priority = DEFAULT_PRIORITY;
        private int maxAttempts = DEFAULT_MAX_ATTEMPTS;
        private Duration delay = Duration.ZERO;
        private Map<String, String> headers = Map.of();
        private @Nullable String dedupKey;
        private @Nullable String orderingKey;
        private @Nullable String target;
        private Set<String> capabilities = Set.of();
        private Set<TaskId> dependsOn = Set.of();

        Draft(byte[] payload) {
            this.payload = payload;
        }

        Draft(NewTask from) {
            this(from.payload);
            id = from.id;
            priority = from.priority;
            maxAttempts = from.maxAttempts;
            delay = from.delay;
            headers = from.headers;
            dedupKey = from.dedupKey;
            orderingKey = from.orderingKey;
            target = from.target;
            capabilities = from.capabilities;
            dependsOn = from.dependsOn;
        }
    }

    private NewTask with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new NewTask(draft);
    }

    /** A task with a payload of at most 64 KB; throws {@link LimitExceededException}. */
    public static NewTask of(byte[] payload) {
        return new NewTask(new Draft(Limits.value("task payload", payload).clone()));
    }

    /** A task with a UTF-8 text payload of at most 64 KB; throws {@link LimitExceededException}. */
    public static NewTask of(String payload) {
        return of(payload.getBytes(StandardCharsets.UTF_8));
    }

    /** With an id of the client's choice: enqueueing it again finds the first one instead of making a second. */
    public NewTask id(TaskId chosen) {
        return with(draft -> draft.id = chosen);
    }

    /** With a priority from 0 (first) to 9 (last); throws {@link InvalidRequestException} outside. */
    public NewTask priority(int value) {
        if (value < 0 || value > 9) {
            throw new InvalidRequestException(value, "priority is 0 (first) to 9 (last), got " + value);
        }
        return with(draft -> draft.priority = value);
    }

    /** With a number of attempts, 1 to {@link #MOST_ATTEMPTS}, after which it is a dead letter; throws {@link InvalidRequestException}. */
    public NewTask maxAttempts(int value) {
        if (value < 1 || value > MOST_ATTEMPTS) {
            throw new InvalidRequestException(value, "a task gets 1 to " + MOST_ATTEMPTS + " attempts, got " + value);
        }
        return with(draft -> draft.maxAttempts = value);
    }

    /** Not claimable before this much time has passed; throws {@link InvalidRequestException} when negative or beyond 1 000 years. */
    public NewTask delay(Duration value) {
        Limits.delay(value);
        return with(draft -> draft.delay = value);
    }

    /** With headers for people and tools, at most 64 KB together; throws {@link LimitExceededException}. */
    public NewTask headers(Map<String, String> pairs) {
        Map<String, String> copy = Limits.headers(pairs);
        return with(draft -> draft.headers = copy);
    }

    /** As long as a task of the same key is pending or claimed, enqueueing this one finds that one; 1 to 512 bytes. */
    public NewTask dedupKey(String key) {
        String canonical = Canonical.key(key);
        return with(draft -> draft.dedupKey = canonical);
    }

    /** Among tasks of the same key only the first that has not ended may be claimed, so they run one after the other; 1 to 512 bytes. */
    public NewTask orderingKey(String key) {
        String canonical = Canonical.key(key);
        return with(draft -> draft.orderingKey = canonical);
    }

    /** Only for the agent of that name; throws {@link InvalidRequestException} for a bad one. */
    public NewTask target(String agent) {
        String name = Canonical.agentName(agent);
        return with(draft -> draft.target = name);
    }

    /** Only for sessions whose participant has all of these capabilities, at most 16 words; throws {@link LimitExceededException}. */
    public NewTask requires(Set<String> words) {
        Set<String> copy = Limits.capabilities(words);
        return with(draft -> draft.capabilities = copy);
    }

    /** Not claimable before all of these tasks of the queue are done, at most 64; throws {@link LimitExceededException}. */
    public NewTask dependsOn(Set<TaskId> tasks) {
        Set<TaskId> copy = Limits.dependencies(tasks);
        return with(draft -> draft.dependsOn = copy);
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

    /** What makes it the same task as another that has not ended, if anything does. */
    public Optional<String> dedupKey() {
        return Optional.ofNullable(dedupKey);
    }

    /** What it is in line with, if anything. */
    public Optional<String> orderingKey() {
        return Optional.ofNullable(orderingKey);
    }

    /** The only agent that may claim it, if it names one. */
    public Optional<String> target() {
        return Optional.ofNullable(target);
    }

    /** What a claimer must be capable of; immutable. */
    public Set<String> capabilities() {
        return capabilities;
    }

    /** What has to be done before; immutable. */
    public Set<TaskId> dependsOn() {
        return dependsOn;
    }
}
