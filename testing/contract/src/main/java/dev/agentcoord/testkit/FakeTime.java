package dev.agentcoord.testkit;

import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that stand still until a test moves them, so that deadlines are tested without waiting for them. Thread-safe. */
public final class FakeTime implements TimeSource {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong stepped = new AtomicLong();

    /** Moves both clocks forward. */
    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    /** Moves the wall clock alone: forward as a machine that was suspended sees it, or backward as somebody sets it. */
    public void step(Duration by) {
        stepped.addAndGet(by.toNanos());
    }

    @Override
    public Instant wall() {
        return START.plusNanos(nanos.get() + stepped.get());
    }

    @Override
    public long nanos() {
        return nanos.get();
    }
}
