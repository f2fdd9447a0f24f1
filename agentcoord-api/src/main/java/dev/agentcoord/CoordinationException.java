package dev.agentcoord;

import org.jspecify.annotations.Nullable;

/**
 * The root of every error agentcoord throws: unchecked, closed, and carrying the object concerned. Each message says what happened and
 * what to do next. Interruption is never wrapped in it.
 */
public abstract sealed class CoordinationException extends RuntimeException
        permits CorruptRecordException,
                DeadlockException,
                GrantLostException,
                InvalidRequestException,
                LimitExceededException,
                NotHeldException,
                OutcomeUnknownException,
                PoolMismatchException,
                QueueFullException,
                SessionClosedException,
                SessionLostException,
                StaleClaimException,
                StaleTokenException,
                StoreFormatException,
                StoreUnavailableException,
                WaitTimeoutException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Object subject;

    CoordinationException(@Nullable Object subject, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.subject = subject;
    }

    /** The object the error is about: a request, a path, a session id, a file of the store; null only after deserialization. */
    public final @Nullable Object subject() {
        return subject;
    }
}
