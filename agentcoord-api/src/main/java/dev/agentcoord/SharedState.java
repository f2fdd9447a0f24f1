package dev.agentcoord;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Versioned key-value state of a space. Keys are 1 to 512 bytes, values at most 64 KB. A compare that fails is a value, not an
 * exception. Thread-safe.
 */
public interface SharedState {
    /** The value and revision of a key; empty when absent. */
    Optional<Versioned> get(String key);

    /** Up to {@code limit} keys that start with {@code prefix} and sort after {@code after}, in key order; start with {@code ""}. */
    List<Versioned> list(String prefix, String after, int limit);

    /** Writes whatever was there before; returns the new revision. */
    long put(String key, byte[] value);

    /** Writes only if the key is absent; returns the new revision, or empty when it was present. */
    OptionalLong putIfAbsent(String key, byte[] value);

    /** Writes only if the key is still at {@code revision}; returns the new revision, or empty when it was not. */
    OptionalLong compareAndSet(String key, long revision, byte[] value);

    /** Deletes only if the key is still at {@code revision}; tells whether it did. */
    boolean delete(String key, long revision);
}
