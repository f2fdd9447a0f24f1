package dev.agentcoord.core.lock;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The rule that nobody waits for oneself: a session and the tasks it claims are one party, so a conflict between their tickets would
 * never end by itself and fails at once (contract L6). Permits do not conflict: they may come back from others. Stateless.
 */
public final class SelfConflict {
    private SelfConflict() {}

    /**
     * Refuses a ticket that would wait for an item of its own party.
     *
     * @param blockers what stands in the ticket's way
     * @param own whether an owner is of the same party
     * @throws InvalidRequestException naming both tickets, and what to do instead
     */
    public static void refuse(Ticket ticket, List<Ticket> blockers, Predicate<Owner> own) {
        TicketTable table = new TicketTable();
        for (Ticket blocker : blockers) {
            if (!blocker.owner().equals(ticket.owner()) && own.test(blocker.owner())) {
                table.add(blocker);
            }
        }
        if (table.size() == 0) {
            return;
        }
        List<Ticket> conflicts = table.blockersOf(itemsOf(ticket));
        if (!conflicts.isEmpty()) {
            throw conflict(ticket, conflicts.get(0));
        }
    }

    private static Ticket itemsOf(Ticket ticket) {
        LockRequest items = LockRequest.empty();
        for (Map.Entry<Item, Mode> wanted : ticket.wants().items().entrySet()) {
            items = wanted.getValue() == Mode.EXCLUSIVE
                    ? items.andExclusive(wanted.getKey())
                    : items.andShared(wanted.getKey());
        }
        return new Ticket(
                ticket.position(), ticket.generation(), ticket.owner(), ticket.request(), items, ticket.since());
    }

    private static InvalidRequestException conflict(Ticket ticket, Ticket own) {
        String whose = own.owner().kind() == Owner.Kind.TASK
                ? "task " + own.owner().id() + ", which you claim, has " + own.wants()
                        + "; use the grant that its claim shows, ask under that claim, or release it first"
                : "your session itself has " + own.wants()
                        + "; bind that grant to the claim first, or release it first";
        return new InvalidRequestException(
                own.id(), "asking for " + ticket.wants() + " would wait for yourself: " + whose);
    }
}
