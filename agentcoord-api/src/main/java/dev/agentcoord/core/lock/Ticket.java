package dev.agentcoord.core.lock;

import dev.agentcoord.FencingToken;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import dev.agentcoord.TicketId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One immutable lock request at one position in the space's total order. However many paths it names, it is one ticket.
 *
 * @param position in the space's total order; unique, never reused
 * @param generation raised by each hand-over, else 0
 * @param owner who it belongs to
 * @param request number of the request within its owner's session, so that a lost reply can be found again
 * @param wants items, permits and reason
 * @param since wall-clock time of the request in whole milliseconds, for people
 */
public record Ticket(long position, int generation, Owner owner, long request, LockRequest wants, Instant since)
        implements Comparable<Ticket> {
    /** Validates; throws {@link InvalidRequestException} for a negative number. */
    public Ticket {
        if (position < 0 || generation < 0 || request < 0) {
            throw new InvalidRequestException(
                    position,
                    "not a ticket: position " + position + ", generation " + generation + ", request " + request);
        }
        since = since.truncatedTo(ChronoUnit.MILLIS);
        wants = wants.withoutClaim();
    }

    /** The same ticket as another owner has it, or the same owner at a later delivery of its task. */
    public Ticket of(Owner other, int raised) {
        return new Ticket(position, raised, other, request, wants, since);
    }

    /**
     * The session it belongs to, for whoever wants it taken or asked for. Throws {@link InvalidRequestException} for a ticket of a task:
     * the next claimer of that would have the lock again.
     */
    public SessionId session() {
        if (owner.kind() == Owner.Kind.TASK) {
            throw new InvalidRequestException(
                    id(),
                    id() + " belongs to task " + owner.id()
                            + " and goes with it; 'agentcoord task show' says who works on it, "
                            + "and 'agentcoord task cancel' frees its locks");
        }
        return new SessionId(owner.id());
    }

    /** Names the ticket to users. */
    public TicketId id() {
        return new TicketId(position);
    }

    /** The fencing token it carries in a store of an incarnation. */
    public FencingToken token(long incarnation) {
        return new FencingToken(incarnation, position, generation);
    }

    /** Orders by position only: the total order of the space. */
    @Override
    public int compareTo(Ticket other) {
        return Long.compare(position, other.position);
    }
}
