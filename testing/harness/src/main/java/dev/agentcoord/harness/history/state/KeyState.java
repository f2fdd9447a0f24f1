package dev.agentcoord.harness.history.state;

import org.jspecify.annotations.Nullable;

/**
 * A key at a moment of a possible order of steps.
 *
 * @param version what it holds
 * @param written how many of the writes with a known revision were before
 */
record KeyState(Version version, int written) {
    static final KeyState START = new KeyState(Version.ABSENT, 0);

    /** The state after a step; null where it cannot come now. */
    @Nullable KeyState after(Touch touch, Ranks ranks) {
        if (!touch.seen().fits(version)) {
            return null;
        }
        Version left = touch.left();
        if (left == null) {
            return this;
        }
        if (left.isAbsent() || left.revision() == Touch.UNKNOWN) {
            return new KeyState(left, written);
        }
        return ranks.of(left.revision()) == written ? new KeyState(left, written + 1) : null;
    }
}
