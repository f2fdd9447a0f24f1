package dev.agentcoord.testkit.memory;

import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.spi.StateFeed;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.spi.StateTxn;
import java.util.List;
import java.util.Optional;

/** The keys of a space as one session may use them. Thread-safe. */
final class MemoryState implements StateStore {
    private final MemoryBackend backend;
    private final MemorySession session;

    MemoryState(MemoryBackend backend, MemorySession session) {
        this.backend = backend;
        this.session = session;
    }

    @Override
    public Optional<Versioned> get(String key) {
        return keys().get(key);
    }

    @Override
    public List<Versioned> list(String prefix, String after, int limit) {
        return keys().list(prefix, after, limit);
    }

    @Override
    public TxnResult commit(StateTxn txn) {
        return backend.commit(session, txn);
    }

    @Override
    public StateFeed follow(String prefix, Runnable hint) {
        return keys().follow(prefix, () -> session.tell(hint));
    }

    private MemoryKeys keys() {
        session.ensureOpen();
        return backend.keys();
    }
}
