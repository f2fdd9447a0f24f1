package dev.agentcoord;

/**
 * A pool was asked for with another capacity than its earliest live ticket states. Use the same capacity everywhere.
 */
public final class PoolMismatchException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public PoolMismatchException(Object subject, String message) {
        super(subject, message, null);
    }
}
