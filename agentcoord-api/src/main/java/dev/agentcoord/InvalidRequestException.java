package dev.agentcoord;

/**
 * The caller asked for something malformed or not allowed, such as a path outside the root or an upgrade over its own shared
 * hold. Nothing was sent.
 */
public final class InvalidRequestException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public InvalidRequestException(Object subject, String message) {
        super(subject, message, null);
    }
}
