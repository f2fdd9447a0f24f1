package dev.agentcoord.spi;

import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import java.util.List;
import java.util.Optional;

/**
 * The shared state as one session of a backend keeps it: keys and sizes are already validated. Ephemeral values of sessions that ended or
 * are proven dead count as absent everywhere, and are removed by whoever meets them. Thread-safe.
 */
public interface StateStore {
    /** The current value, never older than what this session wrote or read before. */
    Optional<Versioned> get(String key);

    /** Up to {@code limit} keys with a prefix that sort after {@code after}, in key order. */
    List<Versioned> list(String prefix, String after, int limit);

    /**
     * Decides and writes at one moment. A {@link dev.agentcoord.Condition.Held} is true only if at that moment each of its tokens is that of
     * a live, granted ticket. All values get one revision, larger than any the keys ever had, deleted ones included.
     */
    TxnResult commit(StateTxn txn);

    /** Follows the keys with a prefix; the hint is called from any thread, holding no lock, when there may be news. */
    StateFeed follow(String prefix, Runnable hint);

    /** Returns when reads of this session see whatever anybody was told is written before the call. */
    default void catchUp() {}
}
