package dev.agentcoord;

import java.util.List;

/**
 * The wait ended without a grant or claim; the subject is the request or queue. Its ticket is gone. For locks, the blockers say who
 * held it, why and since when.
 */
public final class WaitTimeoutException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    private final transient List<LockInfo> blockers;

    /** Made by the engine when the caller's wait is over; blockers are empty for queues. */
    public WaitTimeoutException(Object subject, String message, List<LockInfo> blockers) {
        super(subject, message, null);
        this.blockers = List.copyOf(blockers);
    }

    /** The live tickets that stood in the way when the wait ended, earliest first; never null, immutable. */
    public List<LockInfo> blockers() {
        return blockers;
    }
}
