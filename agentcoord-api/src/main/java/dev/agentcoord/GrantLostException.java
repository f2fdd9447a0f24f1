package dev.agentcoord;

/**
 * The grant is no longer held: its session ended, it was stolen, or the store was reset. Stop writing what it protected.
 */
public final class GrantLostException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public GrantLostException(Object subject, String message) {
        super(subject, message, null);
    }
}
