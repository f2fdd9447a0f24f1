package dev.agentcoord;

import dev.agentcoord.core.Limits;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happens to a failed task: tried again with the queue's backoff, after a given delay, or never. Immutable. */
public final class Retry {
    private static final Retry BACKOFF = new Retry(null, false);
    private static final Retry NEVER = new Retry(null, true);

    private final @Nullable Duration delay;
    private final boolean never;

    private Retry(@Nullable Duration delay, boolean never) {
        this.delay = delay;
        this.never = never;
    }

    /** Again after 10 s, doubled with each attempt up to 10 min, give or take 20 %; dead when attempts are used up. */
    public static Retry withBackoff() {
        return BACKOFF;
    }

    /** Again after a delay; dead when attempts are used up. Throws {@link InvalidRequestException} when negative. */
    public static Retry after(Duration delay) {
        return new Retry(Limits.delay(delay), false);
    }

    /** Not again: it becomes a dead letter at once. */
    public static Retry never() {
        return NEVER;
    }

    /** The fixed delay, when one was given. */
    public Optional<Duration> delay() {
        return Optional.ofNullable(delay);
    }

    /** Whether it is buried at once. */
    public boolean isNever() {
        return never;
    }
}
