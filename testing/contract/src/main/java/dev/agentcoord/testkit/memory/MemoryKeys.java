package dev.agentcoord.testkit.memory;

import dev.agentcoord.Versioned;
import dev.agentcoord.spi.StateStore;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The keys of a space; one counter makes all revisions, so none repeats for a key even when it was deleted. Thread-safe. */
class MemoryKeys {
    private final NavigableMap<String, Versioned> values = new TreeMap<>();
    private long lastRevision;

    synchronized Optional<Versioned> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    synchronized List<Versioned> list(String prefix, String after, int limit) {
        return values.tailMap(after, false).values().stream()
                .filter(value -> value.key().startsWith(prefix))
                .limit(limit)
                .toList();
    }

    synchronized OptionalLong write(String key, long expected, byte[] value) {
        if (expected != StateStore.ANY && expected != revisionOf(key)) {
            return OptionalLong.empty();
        }
        long revision = nextRevision(key);
        values.put(key, new Versioned(key, value, revision));
        return OptionalLong.of(revision);
    }

    synchronized boolean delete(String key, long revision) {
        if (revisionOf(key) != revision) {
            return false;
        }
        values.remove(key);
        return true;
    }

    long nextRevision(String key) {
        return ++lastRevision;
    }

    long revisionOf(String key) {
        Versioned current = values.get(key);
        return current == null ? StateStore.ABSENT : current.revision();
    }
}
