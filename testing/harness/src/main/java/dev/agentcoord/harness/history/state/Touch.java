package dev.agentcoord.harness.history.state;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one call did with one key: looked at it, and perhaps left another version.
 *
 * @param key of the space
 * @param seen what it tells of the version before
 * @param left the version it made; null when it made none
 */
public record Touch(String key, Seen seen, @Nullable Version left) {
    /** Of a write whose answer never came. */
    public static final long UNKNOWN = -1;

    /** A read. */
    public static Touch read(String key, Version version) {
        return new Touch(key, new Seen.Exactly(version), null);
    }

    /** A write whatever was there. */
    public static Touch put(String key, long revision, String value) {
        return new Touch(key, new Seen.Nothing(), new Version(revision, value));
    }

    Optional<Version> written() {
        return Optional.ofNullable(left);
    }

    boolean isWrite() {
        return left != null;
    }

    /** The revision that it certainly began from; empty where it tells none. */
    Optional<Long> from() {
        if (seen instanceof Seen.At at) {
            return Optional.of(at.revision());
        }
        return seen instanceof Seen.Exactly read ? Optional.of(read.version().revision()) : Optional.empty();
    }

    /** With the revision that others have learned its value has. */
    Touch withRevision(long revision) {
        return left == null ? this : new Touch(key, seen, new Version(revision, left.value()));
    }

    @Override
    public String toString() {
        return key + " " + seen + (left == null ? "" : " -> " + left);
    }
}
