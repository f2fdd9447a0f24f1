package dev.agentcoord.engine;

import dev.agentcoord.Condition;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.SharedState;
import dev.agentcoord.StateEvent;
import dev.agentcoord.Subscription;
import dev.agentcoord.Txn;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;
import dev.agentcoord.spi.StateStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** The shared state as one session sees it: validated here, kept by the backend. Each write is a transaction. Thread-safe. */
final class EngineState implements SharedState {
    private final EngineSession session;
    private final StateStore store;
    private final boolean linearizable;

    EngineState(EngineSession session, StateStore store) {
        this(session, store, false);
    }

    private EngineState(EngineSession session, StateStore store, boolean linearizable) {
        this.session = session;
        this.store = store;
        this.linearizable = linearizable;
    }

    @Override
    public Optional<Versioned> get(String key) {
        String canonical = Canonical.key(key);
        return session.call(() -> {
            catchUp();
            return store.get(canonical);
        });
    }

    @Override
    public List<Versioned> list(String prefix, String after, int limit) {
        String from = canonicalOrEmpty(after);
        String start = canonicalOrEmpty(prefix);
        int page = Limits.page(limit);
        return session.call(() -> {
            catchUp();
            return store.list(start, from, page);
        });
    }

    private void catchUp() {
        if (linearizable) {
            store.catchUp();
        }
    }

    @Override
    public long put(String key, byte[] value) {
        return txn().then(Write.put(key, value)).commit().revision();
    }

    @Override
    public long putEphemeral(String key, byte[] value) {
        return txn().then(Write.ephemeral(key, value)).commit().revision();
    }

    @Override
    public OptionalLong putIfAbsent(String key, byte[] value) {
        return write(Condition.absent(key), Write.put(key, value));
    }

    @Override
    public OptionalLong compareAndSet(String key, long revision, byte[] value) {
        return write(Condition.revision(key, revision), Write.put(key, value));
    }

    @Override
    public boolean delete(String key, long revision) {
        return txn().when(Condition.revision(key, revision))
                .then(Write.delete(key))
                .commit()
                .committed();
    }

    private OptionalLong write(Condition condition, Write write) {
        TxnResult result = txn().when(condition).then(write).commit();
        return result.committed() ? OptionalLong.of(result.revision()) : OptionalLong.empty();
    }

    @Override
    public Txn txn() {
        return new EngineTxn(session, store);
    }

    @Override
    public Subscription watch(String prefix, Consumer<StateEvent> listener) {
        String start = canonicalOrEmpty(prefix);
        session.ensureOpen();
        Subscription watch = new StateWatch(session, store, start, listener).start();
        try {
            session.settle();
            return watch;
        } catch (CoordinationException e) {
            watch.close();
            throw e;
        }
    }

    @Override
    public SharedState linearizable() {
        return new EngineState(session, store, true);
    }

    private static String canonicalOrEmpty(String text) {
        return text.isEmpty() ? text : Canonical.key(text);
    }
}
