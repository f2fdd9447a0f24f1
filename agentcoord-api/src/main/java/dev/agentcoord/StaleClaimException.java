package dev.agentcoord;

/**
 * The claim is not the task's current one: it was finished, handed on or re-delivered. The call had no effect.
 */
public final class StaleClaimException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public StaleClaimException(Object subject, String message) {
        super(subject, message, null);
    }
}
