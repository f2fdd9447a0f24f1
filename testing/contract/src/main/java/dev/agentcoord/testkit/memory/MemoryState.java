package dev.agentcoord.testkit.memory;

import dev.agentcoord.Versioned;
import dev.agentcoord.spi.StateStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

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
    public OptionalLong write(String key, long expected, byte[] value) {
        return keys().write(key, expected, value);
    }

    @Override
    public boolean delete(String key, long revision) {
        return keys().delete(key, revision);
    }

    private MemoryKeys keys() {
        session.ensureOpen();
        return backend.keys();
    }
}
