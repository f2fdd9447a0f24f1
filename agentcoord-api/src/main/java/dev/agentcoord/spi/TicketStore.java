package dev.agentcoord.spi;

import dev.agentcoord.Claim;
import dev.agentcoord.Intervention;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tickets of one session, and of the tasks it claims, in the space's total order. Whatever it meets of sessions proven dead it
 * removes first, as the tickets of tasks that have ended or were parked for too long. Decisions are the core's {@code TicketTable}. A
 * task's ticket has as generation the delivery number of the claim under which it is held, and is a session's for that long. Once the session has ended every call but {@link #lossOf} throws
 * {@link dev.agentcoord.SessionLostException} or {@link dev.agentcoord.SessionClosedException}. Thread-safe.
 */
public interface TicketStore {
    /**
     * Appends a ticket, of the task where the request names a claim, and decides at that point. With {@code keepBlocked} false a ticket that is not granted at once leaves no trace.
     * The draft's hint is called from then on until the ticket is removed, holding no lock. Throws
     * {@link dev.agentcoord.LimitExceededException}, {@link dev.agentcoord.PoolMismatchException} and
     * {@link dev.agentcoord.StaleClaimException}.
     */
    Placement place(TicketDraft draft, boolean keepBlocked);

    /** Decides again on a ticket of this session, from facts no older than the call; that what stood in its way has gone may be older. */
    Verdict decide(Ticket mine);

    /**
     * Looks, for some milliseconds at most, whether what is in a waiting ticket's way goes, where that is likely; then decide. Returns at
     * once, as by default, where it is not.
     */
    default void linger(Ticket mine) {
        // Whoever waits is told.
    }

    /** How long whoever waits relies on hints alone at first: then it looks without one, and so on after pauses of up to a second. */
    default Duration firstLook() {
        return Duration.ofMillis(20);
    }

    /** Removes a ticket of this session, waking those it lets in; false when it was already gone. */
    boolean remove(Ticket mine);

    /** Why a granted ticket is void, or null while it is safely held: local, microseconds, no round trip. */
    @Nullable LossCause lossOf(Ticket mine);

    /**
     * What a session with many tickets is asked instead of {@link #lossOf} each: as long as the answer equals one given before all were
     * found safe, nothing has become void since. Null, the default, where only looking at each can tell. Local, as cheap as one look.
     */
    default @Nullable Object standing() {
        return null;
    }

    /**
     * Makes a granted ticket of this session the ticket of the task of a claim of this session, in one step and at the same position;
     * returns it as it is from now on. Throws {@link dev.agentcoord.StaleClaimException}, and {@link dev.agentcoord.NotHeldException}
     * where there is no such ticket.
     */
    default Ticket bind(Ticket mine, Claim to) {
        throw new InvalidRequestException(to.task().id(), "the tasks of this store own no locks");
    }

    /** The live tickets that would stand in the way of a request placed now, earliest first; places nothing. */
    List<Ticket> blockersOf(LockRequest wants);

    /**
     * Records who and why, marks, then removes somebody's ticket; the loser's {@link #lossOf} answers STOLEN before anyone else is granted. Throws
     * {@link dev.agentcoord.NotHeldException} where there is no such ticket.
     */
    void steal(TicketId ticket, String reason);

    /** The record of the theft of a ticket for which {@link #lossOf} answers STOLEN; null where none is left. */
    @Nullable Intervention theftOf(Ticket mine);

    /**
     * Lets the session that a ticket belongs to hear who asks for it and why. Throws {@link dev.agentcoord.NotHeldException} where there
     * is no such ticket, {@link dev.agentcoord.LimitExceededException} when {@code Limits.RELEASE_REQUESTS} stand before that session.
     */
    void requestRelease(TicketId ticket, String reason);
}
