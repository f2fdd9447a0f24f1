package dev.agentcoord.engine;

import java.time.Duration;

/**
 * How long to wait for a hint before looking again anyway: 20 ms, or what a store says, doubled each time up to 1 s, so that a lost wake-up
 * costs little and a long wait costs nothing. Not thread-safe.
 */
final class Backoff {
    private static final long LONGEST = Duration.ofSeconds(1).toNanos();

    private long next;

    Backoff() {
        this(Duration.ofMillis(20));
    }

    Backoff(Duration first) {
        this.next = Math.min(LONGEST, first.toNanos());
    }

    long nextNanos() {
        long now = next;
        next = Math.min(LONGEST, 2 * next);
        return now;
    }
}
