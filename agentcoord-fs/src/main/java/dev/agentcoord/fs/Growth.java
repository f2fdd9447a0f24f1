package dev.agentcoord.fs;

import java.util.Map;
import java.util.function.Predicate;

/** When to forget what is remembered of things that come and go: once it is twice as much as was left the last time. Thread-safe. */
final class Growth {
    private final int least;
    private int limit;

    /** Of a memory that may have so many entries in any case. */
    Growth(int least) {
        this.least = least;
        this.limit = least;
    }

    /** Forgets what is gone, if there is much. */
    <K> void trim(Map<K, ?> memory, Predicate<K> gone) {
        if (memory.size() > limit()) {
            memory.keySet().removeIf(gone);
            raise(memory.size());
        }
    }

    private synchronized int limit() {
        return limit;
    }

    private synchronized void raise(int left) {
        limit = Math.max(least, 2 * left);
    }
}
