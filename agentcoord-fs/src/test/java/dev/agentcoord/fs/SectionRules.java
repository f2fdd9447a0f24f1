package dev.agentcoord.fs;

import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The product's own rules over sets of tickets, each asked once. Process n asks for its request, whenever it asks. */
final class SectionRules {
    private final List<LockRequest> requests;
    private final Map<Question, Integer> answers = new HashMap<>();

    SectionRules(List<LockRequest> requests) {
        this.requests = requests;
    }

    private enum About {
        BLOCKERS,
        ADMITTED,
        WAITERS,
        STILL_BLOCKED
    }

    private record Question(About about, int tickets, List<Integer> owners, int ticket) {}

    int members() {
        return requests.size();
    }

    static Owner owner(int member) {
        return Owner.session(new SessionId(String.format("%026d", member)));
    }

    Ticket ticket(int position, int member) {
        return new Ticket(position, 0, owner(member), position, requests.get(member), Instant.EPOCH);
    }

    /** Whether a process wants permits, so that not the first in its way alone decides. */
    boolean isOfPermits(int member) {
        return !requests.get(member).permits().isEmpty();
    }

    /** Whether a ticket would be granted among others. */
    boolean isGranted(int tickets, int[] owners, int ticket) {
        return blockersOf(tickets, owners, ticket) == 0;
    }

    /** Which of others stand in the way of a ticket. */
    int blockersOf(int tickets, int[] owners, int ticket) {
        return answer(
                About.BLOCKERS, tickets, owners, ticket, table -> table.blockersOf(ticket(ticket, owners[ticket])));
    }

    /** Which are let in by the removal of one that is not among them any more. */
    int admittedBy(int tickets, int[] owners, int removed) {
        return answer(
                About.ADMITTED, tickets, owners, removed, table -> table.admittedBy(ticket(removed, owners[removed])));
    }

    /** Which still wait after the removal of one that is not among them any more. */
    int stillBlockedAfter(int tickets, int[] owners, int removed) {
        return answer(
                About.STILL_BLOCKED,
                tickets,
                owners,
                removed,
                table -> table.stillBlockedAfter(ticket(removed, owners[removed])));
    }

    /** Whether a later one among others may wait for one. */
    boolean isInTheWay(int tickets, int[] owners, int ticket) {
        return answer(
                        About.WAITERS,
                        tickets,
                        owners,
                        ticket,
                        table -> table.isInTheWay(ticket(ticket, owners[ticket])) ? table.all() : List.of())
                != 0;
    }

    /** Those in the way of a ticket whose end may let it in: the first, or any where permits are wanted. */
    int decisiveFor(int tickets, int[] owners, int ticket) {
        int blockers = blockersOf(tickets, owners, ticket);
        return isOfPermits(owners[ticket]) ? blockers : Integer.lowestOneBit(blockers);
    }

    private int answer(About about, int tickets, int[] owners, int ticket, Function<TicketTable, List<Ticket>> ask) {
        List<Integer> ownersThere = new ArrayList<>();
        for (int position = 1; position < owners.length; position++) {
            boolean there = position == ticket || (tickets & SectionState.bit(position)) != 0;
            ownersThere.add(there ? owners[position] : -1);
        }
        return answers.computeIfAbsent(
                new Question(about, tickets, ownersThere, ticket), q -> bits(ask.apply(table(tickets, owners))));
    }

    private static int bits(List<Ticket> tickets) {
        int bits = 0;
        for (Ticket each : tickets) {
            bits |= SectionState.bit((int) each.position());
        }
        return bits;
    }

    private TicketTable table(int tickets, int[] owners) {
        TicketTable table = new TicketTable();
        for (int position = 1; position < owners.length; position++) {
            if ((tickets & SectionState.bit(position)) != 0) {
                table.add(ticket(position, owners[position]));
            }
        }
        return table;
    }
}
