package dev.agentcoord.zk;

import dev.agentcoord.core.TimeSource;

/**
 * The time as the leader of the ensemble stamps it, from the latest stamp that was seen and what has passed since: so no two machines'
 * clocks are compared. Late by at most one answer's way. Thread-safe.
 */
final class StoreClock {
    private final TimeSource time;
    private volatile long ahead;

    StoreClock(TimeSource time) {
        this.time = time;
    }

    /** A transaction that was just answered bears that stamp. */
    void learn(long millis) {
        ahead = millis - time.wall().toEpochMilli();
    }

    /** Milliseconds since the epoch. */
    long now() {
        return time.wall().toEpochMilli() + ahead;
    }
}
