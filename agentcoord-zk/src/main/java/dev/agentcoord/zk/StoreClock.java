package dev.agentcoord.zk;

import dev.agentcoord.core.TimeSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time as the leader of the ensemble stamps it, from the latest stamp that was seen and what has passed since: so no two machines'
 * clocks are compared. Late by at most one answer's way. Thread-safe.
 */
final class StoreClock {
    private final TimeSource time;
    private volatile @Nullable Stamp latest;

    StoreClock(TimeSource time) {
        this.time = time;
    }

    /** What was seen, and when by the clock that nobody sets. */
    private record Stamp(long millis, long nanos) {}

    /** A transaction that was just answered bears that stamp. */
    void learn(long millis) {
        latest = new Stamp(millis, time.nanos());
    }

    /** Milliseconds since the epoch; by this machine's clock until anything was seen. */
    long now() {
        Stamp stamp = latest;
        return stamp == null
                ? time.wall().toEpochMilli()
                : stamp.millis + TimeUnit.NANOSECONDS.toMillis(time.nanos() - stamp.nanos);
    }
}
