package dev.agentcoord;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One change that a {@link Txn} makes to one key, whatever is there. Immutable; the value is copied in and out. */
public final class Write {
    private final String key;
    private final byte @Nullable [] value;
    private final boolean ephemeral;

    private Write(String key, byte @Nullable [] value, boolean ephemeral) {
        this.key = key;
        this.value = value == null ? null : value.clone();
        this.ephemeral = ephemeral;
    }

    /** Gives the key a value. */
    public static Write put(String key, byte[] value) {
        return new Write(key, value, false);
    }

    /** Gives the key a value that goes when the session does: closed, lost or proven dead. */
    public static Write ephemeral(String key, byte[] value) {
        return new Write(key, value, true);
    }

    /** Takes the key's value away; does nothing where there is none. */
    public static Write delete(String key) {
        return new Write(key, null, false);
    }

    /** The key. */
    public String key() {
        return key;
    }

    /** A copy of the new value; empty for a deletion. */
    public Optional<byte[]> value() {
        return value == null ? Optional.empty() : Optional.of(value.clone());
    }

    /** Whether the value ends with its session. */
    public boolean isEphemeral() {
        return ephemeral;
    }

    @Override
    public String toString() {
        return (value == null ? "delete " : ephemeral ? "ephemeral " : "put ") + key;
    }
}
