package dev.agentcoord;

import java.util.List;

/**
 * The request was the youngest of a cycle of sessions each waiting for the next; the subject is the request. Release what you hold,
 * then ask for everything in one request.
 */
public final class DeadlockException extends CoordinationException {
    private static final long serialVersionUID = 1L;

    private final transient List<LockInfo> cycle;

    /** Made by the engine for exactly one victim of each cycle; the cycle starts at the victim. */
    public DeadlockException(Object subject, String message, List<LockInfo> cycle) {
        super(subject, message, null);
        this.cycle = List.copyOf(cycle);
    }

    /** The waiting tickets of the cycle, each blocked by the next, the victim's first; never null, immutable. */
    public List<LockInfo> cycle() {
        return cycle;
    }
}
