package dev.agentcoord.engine;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.SharedState;
import dev.agentcoord.Versioned;
import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;
import dev.agentcoord.spi.StateStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The shared state as one session sees it: validated here, kept by the backend. Thread-safe. */
final class EngineState implements SharedState {
    private final EngineSession session;
    private final StateStore store;

    EngineState(EngineSession session, StateStore store) {
        this.session = session;
        this.store = store;
    }

    @Override
    public Optional<Versioned> get(String key) {
        String canonical = Canonical.key(key);
        return session.call(() -> store.get(canonical));
    }

    @Override
    public List<Versioned> list(String prefix, String after, int limit) {
        String from = canonicalOrEmpty(after);
        String start = canonicalOrEmpty(prefix);
        int page = Limits.page(limit);
        return session.call(() -> store.list(start, from, page));
    }

    @Override
    public long put(String key, byte[] value) {
        return write(key, StateStore.ANY, value)
                .orElseThrow(() -> new IllegalStateException("the store refused an unconditional write of " + key));
    }

    @Override
    public OptionalLong putIfAbsent(String key, byte[] value) {
        return write(key, StateStore.ABSENT, value);
    }

    @Override
    public OptionalLong compareAndSet(String key, long revision, byte[] value) {
        return write(key, existing(key, revision), value);
    }

    @Override
    public boolean delete(String key, long revision) {
        String canonical = Canonical.key(key);
        long expected = existing(key, revision);
        return session.call(() -> store.delete(canonical, expected));
    }

    private OptionalLong write(String key, long expected, byte[] value) {
        String canonical = Canonical.key(key);
        byte[] copy = Limits.value("the value of " + canonical, value).clone();
        return session.call(() -> store.write(canonical, expected, copy));
    }

    private static long existing(String key, long revision) {
        if (revision < 1) {
            throw new InvalidRequestException(
                    key, "no revision of a key is " + revision + "; use the one that get() returned, or putIfAbsent");
        }
        return revision;
    }

    private static String canonicalOrEmpty(String text) {
        return text.isEmpty() ? text : Canonical.key(text);
    }
}
