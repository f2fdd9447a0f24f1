package dev.agentcoord;

import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.queue.ParkRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

    private final Wishes wishes;

    private NewTask(Wishes wishes) {
        this.wishes = wishes;
    }

    /** All there is to it; changed only before a task is made of it. */
    private static final class Wishes {
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
        private Duration parkTimeout = ParkRule.PARK_TIMEOUT;

        Wishes(byte[] payload) {
            this.payload = payload;
        }

        Wishes(Wishes from) {
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
            parkTimeout = from.parkTimeout;
        }
    }

    private NewTask with(Consumer<Wishes> change) {
        Wishes changed = new Wishes(wishes);
        change.accept(changed);
        return new NewTask(changed);
    }

    /** A task with a payload of at most 64 KB; throws {@link LimitExceededException}. */
    public static NewTask of(byte[] payload) {
        return new NewTask(new Wishes(Limits.value("task payload", payload).clone()));
    }

    /** A task with a UTF-8 text payload of at most 64 KB; throws {@link LimitExceededException}. */
    public static NewTask of(String payload) {
        return of(payload.getBytes(StandardCharsets.UTF_8));
    }

    /** With an id of the client's choice: enqueueing it again finds the first one instead of making a second. */
    public NewTask id(TaskId chosen) {
        return with(wish -> wish.id = chosen);
    }

    /** With a priority from 0 (first) to 9 (last); throws {@link InvalidRequestException} outside. */
    public NewTask priority(int value) {
        if (value < 0 || value > 9) {
            throw new InvalidRequestException(value, "priority is 0 (first) to 9 (last), got " + value);
        }
        return with(wish -> wish.priority = value);
    }

    /** With a number of attempts, 1 to {@link #MOST_ATTEMPTS}, after which it is a dead letter; throws {@link InvalidRequestException}. */
    public NewTask maxAttempts(int value) {
        if (value < 1 || value > MOST_ATTEMPTS) {
            throw new InvalidRequestException(value, "a task gets 1 to " + MOST_ATTEMPTS + " attempts, got " + value);
        }
        return with(wish -> wish.maxAttempts = value);
    }

    /** Not claimable before this much time has passed; throws {@link InvalidRequestException} when negative or beyond 1 000 years. */
    public NewTask delay(Duration value) {
        Limits.delay(value);
        return with(wish -> wish.delay = value);
    }

    /** With headers for people and tools, at most 64 KB together; throws {@link LimitExceededException}. */
    public NewTask headers(Map<String, String> pairs) {
        Map<String, String> copy = Limits.headers(pairs);
        return with(wish -> wish.headers = copy);
    }

    /** As long as a task of the same key is pending or claimed, enqueueing this one finds that one; 1 to 512 bytes. */
    public NewTask dedupKey(String key) {
        String canonical = Canonical.key(key);
        return with(wish -> wish.dedupKey = canonical);
    }

    /** Among tasks of the same key only the first that has not ended may be claimed, so they run one after the other; 1 to 512 bytes. */
    public NewTask orderingKey(String key) {
        String canonical = Canonical.key(key);
        return with(wish -> wish.orderingKey = canonical);
    }

    /** Only for the agent of that name; throws {@link InvalidRequestException} for a bad one. */
    public NewTask target(String agent) {
        String name = Canonical.agentName(agent);
        return with(wish -> wish.target = name);
    }

    /** Only for sessions whose participant has all of these capabilities, at most 16 words; throws {@link LimitExceededException}. */
    public NewTask requires(Set<String> words) {
        Set<String> copy = Limits.capabilities(words);
        return with(wish -> wish.capabilities = copy);
    }

    /** Not claimable before all of these tasks of the queue are done, at most 64; throws {@link LimitExceededException}. */
    public NewTask dependsOn(Set<TaskId> tasks) {
        Set<TaskId> copy = Limits.dependencies(tasks);
        return with(wish -> wish.dependsOn = copy);
    }

    /**
     * How long its locks stay with it while nobody claims it and somebody else wants them, 30 min unless set; throws
     * {@link InvalidRequestException} when negative or beyond 1 000 years.
     */
    public NewTask parkTimeout(Duration value) {
        Limits.delay(value);
        return with(wish -> wish.parkTimeout = value);
    }

    /** What tells it apart, without its payload. */
    @Override
    public String toString() {
        String to = wishes.target == null ? "" : " for " + wishes.target;
        String needs = wishes.capabilities.isEmpty() ? "" : " requiring " + new TreeSet<>(wishes.capabilities);
        return "task" + (wishes.id == null ? "" : " " + wishes.id) + to + needs + ", priority " + wishes.priority + ", "
                + wishes.payload.length + " bytes";
    }

    /** A copy of the payload. */
    public byte[] payload() {
        return wishes.payload.clone();
    }

    /** The id the client chose, if it did. */
    public Optional<TaskId> id() {
        return Optional.ofNullable(wishes.id);
    }

    /** 0 (first) to 9 (last). */
    public int priority() {
        return wishes.priority;
    }

    /** Deliveries before it is a dead letter. */
    public int maxAttempts() {
        return wishes.maxAttempts;
    }

    /** Time from enqueue until it may be claimed; zero for at once. */
    public Duration delay() {
        return wishes.delay;
    }

    /** Headers; immutable. */
    public Map<String, String> headers() {
        return wishes.headers;
    }

    /** What makes it the same task as another that has not ended, if anything does. */
    public Optional<String> dedupKey() {
        return Optional.ofNullable(wishes.dedupKey);
    }

    /** What it is in line with, if anything. */
    public Optional<String> orderingKey() {
        return Optional.ofNullable(wishes.orderingKey);
    }

    /** The only agent that may claim it, if it names one. */
    public Optional<String> target() {
        return Optional.ofNullable(wishes.target);
    }

    /** What a claimer must be capable of; immutable. */
    public Set<String> capabilities() {
        return wishes.capabilities;
    }

    /** What has to be done before; immutable. */
    public Set<TaskId> dependsOn() {
        return wishes.dependsOn;
    }

    /** How long its locks stay with it while nobody claims it and somebody else wants them. */
    public Duration parkTimeout() {
        return wishes.parkTimeout;
    }
}
