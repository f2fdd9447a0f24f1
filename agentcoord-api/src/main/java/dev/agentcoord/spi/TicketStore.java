package dev.agentcoord.spi;

import dev.agentcoord.Intervention;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tickets of one session in the space's total order. Whatever it meets of sessions proven dead it removes first. Decisions are the
 * core's {@code TicketTable}. Once the session has ended every call but {@link #lossOf} throws
 * {@link dev.agentcoord.SessionLostException} or {@link dev.agentcoord.SessionClosedException}. Thread-safe.
 */
public interface TicketStore {
    /**
     * Appends a ticket and decides at that point. With {@code keepBlocked} false a ticket that is not granted at once leaves no trace.
     * The draft's hint is called from then on until the ticket is removed, holding no lock. Throws
     * {@link dev.agentcoord.LimitExceededException} and {@link dev.agentcoord.PoolMismatchException}.
     */
    Placement place(TicketDraft draft, boolean keepBlocked);

    /** Decides again on a ticket of this session, from facts no older than the call. */
    Verdict decide(Ticket mine);

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
