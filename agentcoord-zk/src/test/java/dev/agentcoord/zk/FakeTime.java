package dev.agentcoord.zk;

import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Clocks that a test moves. */
final class FakeTime implements TimeSource {
    private long nanos;
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");

    void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
    }

    void setWallForward(Duration time) {
        wall = wall.plus(time);
    }

    @Override
    public Instant wall() {
        return wall;
    }

    @Override
    public long nanos() {
        return nanos;
    }
}
