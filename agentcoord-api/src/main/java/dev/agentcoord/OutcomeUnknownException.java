package dev.agentcoord;

import org.jspecify.annotations.Nullable;

/**
 * Whether the operation took effect cannot be known; the subject is its request id. Repeating it with the same id is safe.
 */
public final class OutcomeUnknownException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public OutcomeUnknownException(Object subject, String message, @Nullable Throwable cause) {
        super(subject, message, cause);
    }
}
