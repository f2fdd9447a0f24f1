package dev.agentcoord.engine;

import dev.agentcoord.Wait;
import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a caller's one budget for a request is used up, on elapsed time. Immutable. */
final class Deadline {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final TimeSource time;
    private final long start;
    private final @Nullable Long budget;

    private Deadline(TimeSource time, long start, @Nullable Long budget) {
        this.time = time;
        this.start = start;
        this.budget = budget;
    }

    /** Starts the budget now. */
    static Deadline start(TimeSource time, Wait wait) {
        Long budget = wait.budget()
                .map(b -> b.compareTo(LONGEST) > 0 ? LONGEST : b)
                .map(Duration::toNanos)
                .orElse(null);
        return new Deadline(time, time.nanos(), budget);
    }

    boolean isOver() {
        return budget != null && waited() >= budget;
    }

    /** Nanoseconds since the start. */
    long waited() {
        return time.nanos() - start;
    }

    /** The smaller of a pause and what is left. */
    long limit(long nanos) {
        return budget == null ? nanos : Math.max(0, Math.min(nanos, budget - waited()));
    }
}
