package dev.agentcoord.engine;

import dev.agentcoord.Condition;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.Txn;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Write;
import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.spi.StateTxn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A transaction being put together: each part is validated when it is added. Immutable. */
final class EngineTxn implements Txn {
    private final EngineSession session;
    private final StateStore store;
    private final StateTxn txn;

    EngineTxn(EngineSession session, StateStore store) {
        this(session, store, new StateTxn(List.of(), List.of(), List.of()));
    }

    private EngineTxn(EngineSession session, StateStore store, StateTxn txn) {
        this.session = session;
        this.store = store;
        this.txn = txn;
        int ops = txn.conditions().size() + txn.writes().size() + txn.reads().size();
        if (ops > Limits.TXN_OPS) {
            throw new LimitExceededException(
                    ops, "a transaction has at most " + Limits.TXN_OPS + " conditions, writes and reads, got " + ops);
        }
    }

    @Override
    public Txn when(Condition... conditions) {
        List<Condition> more = Stream.of(conditions).map(EngineTxn::canonical).toList();
        return with(new StateTxn(both(txn.conditions(), more), txn.writes(), txn.reads()));
    }

    @Override
    public Txn then(Write... writes) {
        List<Write> all =
                both(txn.writes(), Stream.of(writes).map(EngineTxn::canonical).toList());
        Set<String> keys = new HashSet<>();
        long bytes = 0;
        for (Write write : all) {
            if (!keys.add(write.key())) {
                throw new InvalidRequestException(
                        write.key(), "a transaction writes each key once; '" + write.key() + "' is there twice");
            }
            bytes += write.value().map(value -> value.length).orElse(0);
        }
        if (bytes > Limits.TXN_BYTES) {
            throw new LimitExceededException(
                    bytes,
                    "the values of a transaction have at most " + Limits.TXN_BYTES + " bytes together, got " + bytes);
        }
        return with(new StateTxn(txn.conditions(), all, txn.reads()));
    }

    @Override
    public Txn otherwise(String... keys) {
        List<String> more = Stream.of(keys).map(Canonical::key).toList();
        return with(new StateTxn(txn.conditions(), txn.writes(), both(txn.reads(), more)));
    }

    @Override
    public TxnResult commit() {
        return session.change(() -> store.commit(txn));
    }

    private EngineTxn with(StateTxn larger) {
        return new EngineTxn(session, store, larger);
    }

    private static Condition canonical(Condition condition) {
        return condition instanceof Condition.OfKey of
                ? new Condition.OfKey(Canonical.key(of.key()), of.revision())
                : condition;
    }

    private static Write canonical(Write write) {
        String key = Canonical.key(write.key());
        if (write.value().isEmpty()) {
            return Write.delete(key);
        }
        byte[] value = Limits.value("the value of " + key, write.value().get());
        return write.isEphemeral() ? Write.ephemeral(key, value) : Write.put(key, value);
    }

    private static <T> List<T> both(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    @Override
    public String toString() {
        return "when " + txn.conditions() + " then " + txn.writes();
    }
}
