package dev.agentcoord;

/**
 * A request, value, key or space is larger than the published limits. Refused before anything is sent; the message names the
 * limit.
 */
public final class LimitExceededException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public LimitExceededException(Object subject, String message) {
        super(subject, message, null);
    }
}
