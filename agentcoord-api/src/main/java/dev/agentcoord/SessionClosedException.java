package dev.agentcoord;

/**
 * A call was made on a session, or on something of a session, that its owner has already closed.
 */
public final class SessionClosedException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public SessionClosedException(Object subject, String message) {
        super(subject, message, null);
    }
}
