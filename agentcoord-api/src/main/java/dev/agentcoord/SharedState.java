package dev.agentcoord;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Versioned key-value state of a space. Keys are 1 to 512 bytes, values at most 64 KB. A compare that fails is a value, not an
 * exception. A session reads its own writes. Thread-safe.
 */
public interface SharedState {
    /** The value and revision of a key; empty when absent. */
    Optional<Versioned> get(String key);

    /**
     * Up to {@code limit} keys that start with {@code prefix} and sort after {@code after}, in key order; start with {@code ""}. Each
     * value was there at some moment during the call; only a {@link Txn} reads several of one moment.
     */
    List<Versioned> list(String prefix, String after, int limit);

    /** Writes whatever was there before; returns the new revision. */
    long put(String key, byte[] value);

    /** Writes what goes when this session does: closed, lost or proven dead. Another's later write makes it the other's. */
    long putEphemeral(String key, byte[] value);

    /** Writes only if the key is absent; returns the new revision, or empty when it was present. */
    OptionalLong putIfAbsent(String key, byte[] value);

    /** Writes only if the key is still at {@code revision}; returns the new revision, or empty when it was not. */
    OptionalLong compareAndSet(String key, long revision, byte[] value);

    /** Deletes only if the key is still at {@code revision}; tells whether it did. */
    boolean delete(String key, long revision);

    /** An empty transaction, to which conditions and writes are added. */
    Txn txn();

    /**
     * Tells a listener of what changes below a prefix, first of all that is there, serially with the session's other events. Ends with the
     * session. The listener returns soon: other calls on the session wait for it.
     */
    Subscription watch(String prefix, Consumer<StateEvent> listener);

    /** The same state; reads through it see every write of anybody that was acknowledged before they began. */
    SharedState linearizable();
}
