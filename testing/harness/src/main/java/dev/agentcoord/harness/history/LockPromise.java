package dev.agentcoord.harness.history;

import java.time.Duration;

/**
 * What a backend promises of its locks beyond what all do.
 *
 * @param grace how long a dead agent's requests may stand in the way, and what a call left that failed
 * @param removal how long one may that was given up
 */
public record LockPromise(Duration grace, Duration removal) {
    /** On one host a second until a death is noticed, and one more is left to a busy machine; a release is there when it returns. */
    public static LockPromise strict() {
        return new LockPromise(Duration.ofSeconds(2), Duration.ZERO);
    }

    /** Both take as long as it may take until the servers have heard of it, and until they believe a silent agent dead. */
    public static LockPromise loose(Duration grace) {
        return new LockPromise(grace, grace);
    }

    boolean removesAtOnce() {
        return removal.isZero();
    }
}
