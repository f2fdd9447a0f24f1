package dev.agentcoord;

/**
 * Something was released or finished that the caller does not hold. Releasing nothing is never a success.
 */
public final class NotHeldException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public NotHeldException(Object subject, String message) {
        super(subject, message, null);
    }
}
