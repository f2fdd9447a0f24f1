package dev.agentcoord.core;

import java.time.Duration;
import java.time.Instant;

/**
 * One moment by both clocks, to say later how long ago it was. The monotonic clock may stand still while the machine is suspended and the
 * wall clock may be set, so a holder trusts the one that ran further.
 *
 * @param nanos elapsed time from an arbitrary origin
 * @param wall wall-clock time
 */
public record Moment(long nanos, Instant wall) {
    /** The present moment. */
    public static Moment now(TimeSource time) {
        return new Moment(time.nanos(), time.wall());
    }

    /** Time that passed until a later moment, on the monotonic clock. */
    public Duration until(Moment later) {
        return Duration.ofNanos(later.nanos - nanos);
    }

    /** Time that may have passed until a later moment: by the clock that ran further. */
    public Duration longestUntil(Moment later) {
        Duration monotonic = until(later);
        Duration shown = Duration.between(wall, later.wall);
        return monotonic.compareTo(shown) > 0 ? monotonic : shown;
    }
}
