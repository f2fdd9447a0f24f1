package dev.agentcoord.core;

import java.time.Instant;

/** The two clocks, kept apart: elapsed time decides, wall time is only shown to people. Injected, so that tests own time. */
public interface TimeSource {
    /** Wall-clock time, for people; may jump either way. */
    Instant wall();

    /** Nanoseconds of elapsed time from an arbitrary origin; never goes back. */
    long nanos();

    /** The system's clocks. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }

    /** The system's clocks, as one stateless instance. */
    enum SystemTime implements TimeSource {
        /** The only one. */
        INSTANCE;

        @Override
        public Instant wall() {
            return Instant.now();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    }
}
