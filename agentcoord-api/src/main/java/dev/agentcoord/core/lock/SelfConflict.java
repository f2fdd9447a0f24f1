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
 * never end by itself and fails at once. Permits do not conflict: they may come back from others. Nor are tickets that overlap
 * parted, some the task's and some the session's: once the task goes on, two would hold the same. Stateless.
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

    /**
     * Refuses that tickets are a task's while others that overlap with them stay with its session, whichever came first.
     *
     * @param given as they are the task's
     * @param staying with the session, granted or not, each with the highest position there is
     * @throws InvalidRequestException naming both, and what to do instead
     */
    public static void refuseToPart(List<Ticket> given, List<Ticket> staying) {
        TicketTable table = new TicketTable();
        given.forEach(table::add);
        for (Ticket ticket : staying) {
            List<Ticket> conflicts = table.blockersOf(itemsOf(ticket));
            if (!conflicts.isEmpty()) {
                throw parted(conflicts.get(0), ticket);
            }
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

    private static InvalidRequestException parted(Ticket ofTask, Ticket staying) {
        return new InvalidRequestException(
                staying.wants(),
                "nothing was changed: " + ofTask.wants() + ", as a lock of task "
                        + ofTask.owner().id() + ", overlaps with " + staying.wants()
                        + ", which your session itself holds or asks for; whoever claims the task next would hold the same:"
                        + " bind both in one call, or release one of them first");
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
