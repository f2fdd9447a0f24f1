package dev.agentcoord;

import org.jspecify.annotations.Nullable;

/**
 * A record of the store cannot be parsed; the subject names the file or znode. It is never skipped and never deleted: a person
 * decides.
 */
public final class CorruptRecordException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    /** Made by agentcoord and by backends; the message says what to do next. */
    public CorruptRecordException(Object subject, String message, @Nullable Throwable cause) {
        super(subject, message, cause);
    }
}
