package dev.agentcoord;

import dev.agentcoord.core.Canonical;

/**
 * A named pool of counted permits: at most {@code capacity} are held at once across the space. Immutable.
 *
 * @param name key of 1 to 512 bytes
 * @param capacity permits in all, at least 1; every user of the pool must state the same
 */
public record Pool(String name, int capacity) {
    /** Validates; throws {@link InvalidRequestException} for an empty name or a capacity below one. */
    public Pool {
        name = Canonical.key(name);
        if (capacity < 1) {
            throw new InvalidRequestException(
                    name, "pool '" + name + "' needs a capacity of at least 1, got " + capacity);
        }
    }

    @Override
    public String toString() {
        return "pool:" + name + "/" + capacity;
    }
}
