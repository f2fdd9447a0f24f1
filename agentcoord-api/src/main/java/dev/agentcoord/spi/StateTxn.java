package dev.agentcoord.spi;

import dev.agentcoord.Condition;
import dev.agentcoord.Write;
import java.util.List;

/**
 * A validated transaction: keys canonical, sizes within the limits, each key written at most once.
 *
 * @param conditions all have to be true at the moment of the writes
 * @param writes done together or not at all
 * @param reads keys to read, at that same moment, when it is refused
 */
public record StateTxn(List<Condition> conditions, List<Write> writes, List<String> reads) {
    /** Copies. */
    public StateTxn {
        conditions = List.copyOf(conditions);
        writes = List.copyOf(writes);
        reads = List.copyOf(reads);
    }
}
