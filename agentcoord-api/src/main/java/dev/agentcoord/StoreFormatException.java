package dev.agentcoord;

/**
 * The store was written in a format this version does not know, or lies on a file system it cannot trust. Nothing was read or
 * written.
 */
public final class StoreFormatException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public StoreFormatException(Object subject, String message) {
        super(subject, message, null);
    }
}
