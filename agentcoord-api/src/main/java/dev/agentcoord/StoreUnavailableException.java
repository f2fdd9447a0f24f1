package dev.agentcoord;

import org.jspecify.annotations.Nullable;

/**
 * The store cannot be reached, read or written now: permission, disk full, read-only, connection lost. Nothing was half done.
 */
public final class StoreUnavailableException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public StoreUnavailableException(Object subject, String message, @Nullable Throwable cause) {
        super(subject, message, cause);
    }
}
