package dev.agentcoord;

/**
 * A resource has seen a later token, or one of another store, so whoever shows this one lost its lock: stop writing. The subject is the
 * token that was shown.
 */
public final class StaleTokenException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    private final transient FencingToken highest;

    /** Made by agentcoord; the message says what to do next. */
    public StaleTokenException(FencingToken shown, FencingToken highest, String message) {
        super(shown, message, null);
        this.highest = highest;
    }

    /** The highest token the resource has seen. */
    public FencingToken highest() {
        return highest;
    }
}
