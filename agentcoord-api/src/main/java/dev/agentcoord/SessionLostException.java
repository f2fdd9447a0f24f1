package dev.agentcoord;

/**
 * The session is lost for ever: every grant, claim and ephemeral key of it is void. Join again to go on; nothing re-opens
 * silently.
 */
public final class SessionLostException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public SessionLostException(Object subject, String message) {
        super(subject, message, null);
    }
}
