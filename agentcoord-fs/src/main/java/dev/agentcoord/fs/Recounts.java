package dev.agentcoord.fs;

import java.time.Duration;

/** When tasks may be counted anew by looking at them all: that keeps everybody waiting, however often somebody is refused. */
final class Recounts {
    private static final long AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private boolean ran;
    private long last;

    /** True at most once a second. */
    boolean areDue(long nanos) {
        boolean due = !ran || nanos - last >= AGAIN_NANOS;
        if (due) {
            ran = true;
            last = nanos;
        }
        return due;
    }
}
