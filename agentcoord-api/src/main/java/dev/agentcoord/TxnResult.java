package dev.agentcoord;

import java.util.Map;

/**
 * What became of a {@link Txn}.
 *
 * @param committed whether its writes were done
 * @param revision of every value it wrote; 0 where it wrote none
 * @param found where it was refused, the values of the keys it asked for that have one, all of the same moment
 */
public record TxnResult(boolean committed, long revision, Map<String, Versioned> found) {
    /** Copies. */
    public TxnResult {
        found = Map.copyOf(found);
    }

    /** Its writes were done. */
    public static TxnResult committed(long revision) {
        return new TxnResult(true, revision, Map.of());
    }

    /** Nothing was written. */
    public static TxnResult refused(Map<String, Versioned> found) {
        return new TxnResult(false, 0, found);
    }
}
