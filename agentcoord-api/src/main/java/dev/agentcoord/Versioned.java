package dev.agentcoord;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key's bytes with the revision that wrote them. Immutable; the value is copied in and out. */
public final class Versioned {
    private final String key;
    private final byte[] value;
    private final long revision;

    private final @Nullable SessionId owner;

    /** Made by backends; the value is copied. */
    public Versioned(String key, byte[] value, long revision) {
        this(key, value, revision, null);
    }

    /** Made by backends, of a value that ends with a session. */
    public Versioned(String key, byte[] value, long revision, @Nullable SessionId owner) {
        this.owner = owner;
        this.key = key;
        this.value = value.clone();
        this.revision = revision;
    }

    /** The key. */
    public String key() {
        return key;
    }

    /** A copy of the value. */
    public byte[] value() {
        return value.clone();
    }

    /** The value as UTF-8 text. */
    public String text() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** The revision that wrote it: positive, greater for each later write of the key, never repeated, deletion included. */
    public long revision() {
        return revision;
    }

    /** The session it ends with; empty for a value that stays. */
    public Optional<SessionId> owner() {
        return Optional.ofNullable(owner);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Versioned v
                && key.equals(v.key)
                && revision == v.revision
                && Objects.equals(owner, v.owner)
                && Arrays.equals(value, v.value);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Long.hashCode(revision);
    }

    @Override
    public String toString() {
        return key + "@" + revision;
    }
}
