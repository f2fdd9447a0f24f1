package dev.agentcoord;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The locks of one session. Requests are granted all or nothing, first come first served among those that conflict; the rest pass
 * freely. Thread-safe.
 */
public interface Locks {
    /**
     * Waits for a grant. Throws {@link WaitTimeoutException} when the wait is over, {@link DeadlockException} as the youngest of a
     * cycle, {@link SessionLostException}; however it ends without a grant, nothing stays queued.
     */
    Grant acquire(LockRequest request, Wait wait) throws InterruptedException;

    /** Takes the grant now or returns empty; never queues, never waits for another session. */
    Optional<Grant> tryAcquire(LockRequest request);

    /** As {@link #acquire}, completing later with the grant or the same exceptions; cancelling it withdraws the request. */
    CompletableFuture<Grant> acquireAsync(LockRequest request, Wait wait);

    /** The live tickets of others that would stand in the way now, earliest first; empty when it would be granted. Queues nothing. */
    List<LockInfo> explain(LockRequest request);

    /**
     * What a live ticket, such as one's own that waits, waits for, earliest first; empty when it is granted. Throws
     * {@link NotHeldException} where there is no such ticket.
     */
    List<LockInfo> explain(TicketId ticket);

    /** Breaks another session's ticket; the reason is recorded, the loser's next {@link Grant#check()} throws before anyone is granted. */
    void steal(TicketId ticket, String reason);

    /**
     * Asks the session a ticket belongs to, politely, to release it; nothing changes but that it hears who asks and why. Throws
     * {@link NotHeldException} where there is no such ticket, {@link LimitExceededException} when too many have asked already.
     */
    void requestRelease(TicketId ticket, String reason);

    /**
     * Calls back, in order with other events, when somebody asks for the release of a ticket of this session: the same question at most
     * once a minute, and all together at most 16 times a minute.
     */
    Subscription onReleaseRequested(Consumer<Intervention> listener);
}
