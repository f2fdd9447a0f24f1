package dev.agentcoord.core.queue;

import java.time.Duration;
import java.time.Instant;

/** How long a task that nobody claims keeps its locks when somebody else wants them. Stateless. */
public final class ParkRule {
    /** Unless the task says otherwise: long enough for a receiver that is just busy, short enough for a forgotten hand-off. */
    public static final Duration PARK_TIMEOUT = Duration.ofMinutes(30);

    private ParkRule() {}

    /** Whether the locks are given up; both stamps are the store's own, so that no two clocks are compared. */
    public static boolean isOver(Instant parked, Instant now, Duration timeout) {
        return Duration.between(parked, now).compareTo(timeout) > 0;
    }
}
