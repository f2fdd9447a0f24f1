package dev.agentcoord;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The grant is no longer held: its session or the claim it was under ended, it was stolen, or the store was reset. Stop writing what it protected.
 */
public final class GrantLostException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Intervention theft;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public GrantLostException(Object subject, String message) {
        this(subject, message, null);
    }

    /** As the other, with the record of the theft where it was stolen, which the message names. */
    public GrantLostException(Object subject, String message, @Nullable Intervention theft) {
        super(subject, message, null);
        this.theft = theft;
    }

    /** Who took it and why; empty when it was lost otherwise, or where no record is left. */
    public Optional<Intervention> theft() {
        return Optional.ofNullable(theft);
    }
}
