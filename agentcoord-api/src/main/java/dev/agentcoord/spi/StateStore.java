package dev.agentcoord.spi;

import dev.agentcoord.Versioned;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The shared state as a backend keeps it: keys and sizes are already validated. Each call is atomic. */
public interface StateStore {
    /** {@link #write}: whatever is there. */
    long ANY = -1;
    /** {@link #write}: only if the key is absent. */
    long ABSENT = 0;

    /** The current value. */
    Optional<Versioned> get(String key);

    /** Up to {@code limit} keys with a prefix that sort after {@code after}, in key order. */
    List<Versioned> list(String prefix, String after, int limit);

    /** Writes if the key is at the expected revision ({@link #ANY}, {@link #ABSENT} or one); the new revision, or empty. */
    OptionalLong write(String key, long expected, byte[] value);

    /** Deletes if the key is at that revision. */
    boolean delete(String key, long revision);
}
