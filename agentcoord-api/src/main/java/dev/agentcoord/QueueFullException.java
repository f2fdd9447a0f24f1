package dev.agentcoord;

/**
 * The queue has reached its bounded depth; the task was not enqueued. Drain it, or raise the bound.
 */
public final class QueueFullException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public QueueFullException(Object subject, String message) {
        super(subject, message, null);
    }
}
