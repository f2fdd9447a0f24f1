package dev.agentcoord.core.lock;

import dev.agentcoord.PoolMismatchException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Who waits for whom among the live tickets of one listing. Each party, a session with all that it holds and waits for, is one node.
 * Parties that wait for nobody will release what they have; letting them go one after the other leaves exactly the deadlocked ones
 * (graph reduction, Holt 1972), which is right for counted permits too. Immutable, not to be shared between threads.
 */
public final class WaitGraph {
    private final TicketTable stuck = new TicketTable();
    private final UnaryOperator<Owner> party;
    private final Map<Owner, List<Ticket>> waiting = new HashMap<>();

    private WaitGraph(UnaryOperator<Owner> party) {
        this.party = party;
    }

    /** Reads the graph off the live tickets, each owner being a party of its own. */
    public static WaitGraph of(Collection<Ticket> live) {
        return of(live, UnaryOperator.identity());
    }

    /** Reads the graph off the live tickets; the party of a task is the session that claims it, so that the two are one node. */
    public static WaitGraph of(Collection<Ticket> live, UnaryOperator<Owner> party) {
        WaitGraph graph = new WaitGraph(party);
        live.forEach(graph.stuck::add);
        graph.reduce();
        return graph;
    }

    /**
     * A shortest cycle of waits through a ticket, preferably one of which it is the victim; empty when its wait can end by itself. Act
     * on it only where {@link WaitCycle#victim} is one's own and {@link WaitCycle#confirmedBy} a graph of a later listing.
     */
    public Optional<WaitCycle> cycleThrough(Ticket mine) {
        if (!isStuck(mine)) {
            return Optional.empty();
        }
        return search(mine, mine.position()).or(() -> search(mine, Long.MAX_VALUE));
    }

    /** Whether a ticket waits, and must wait until one of the deadlocked parties gives up. */
    public boolean isStuck(Ticket ticket) {
        return waiting.getOrDefault(party.apply(ticket.owner()), List.of()).contains(ticket);
    }

    /** Whether a ticket is live and belongs to a deadlocked party. */
    boolean hasStuck(Ticket ticket) {
        return ticket.equals(stuck.get(ticket.position()));
    }

    private void reduce() {
        Map<Owner, Set<Ticket>> all = new HashMap<>();
        Deque<Owner> free = new ArrayDeque<>();
        for (Ticket ticket : stuck.all()) {
            all.computeIfAbsent(party.apply(ticket.owner()), owner -> new HashSet<>())
                    .add(ticket);
            if (isBlocked(ticket)) {
                waiting.computeIfAbsent(party.apply(ticket.owner()), owner -> new ArrayList<>())
                        .add(ticket);
            }
        }
        all.keySet().stream().filter(owner -> !waiting.containsKey(owner)).forEach(free::add);
        while (!free.isEmpty()) {
            for (Ticket ticket : all.getOrDefault(free.remove(), Set.of())) {
                stuck.remove(ticket.position());
                stuck.admittedBy(ticket).forEach(admitted -> admit(admitted, free));
            }
        }
    }

    private void admit(Ticket admitted, Deque<Owner> free) {
        Owner owner = party.apply(admitted.owner());
        List<Ticket> still = waiting.getOrDefault(owner, Collections.emptyList());
        if (still.remove(admitted) && still.isEmpty()) {
            waiting.remove(owner);
            free.add(owner);
        }
    }

    private boolean isBlocked(Ticket ticket) {
        try {
            return !stuck.isGranted(ticket);
        } catch (PoolMismatchException e) {
            return false; // Refused, so its owner hears of that and does not wait.
        }
    }

    /** Breadth first from a ticket back to its own party, over waiting tickets up to a position. */
    private Optional<WaitCycle> search(Ticket mine, long youngest) {
        Owner home = party.apply(mine.owner());
        Map<Ticket, WaitCycle.Link> reached = new HashMap<>();
        Deque<Ticket> open = new ArrayDeque<>(List.of(mine));
        Set<Owner> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Ticket waits = open.remove();
            for (Ticket blocker : blockersOf(waits)) {
                WaitCycle.Link link = new WaitCycle.Link(waits, blocker, !isStuck(blocker));
                Owner next = party.apply(blocker.owner());
                if (next.equals(home)) {
                    return Optional.of(WaitCycle.of(path(mine, link, reached)));
                }
                if (seen.add(next)) {
                    waiting.getOrDefault(next, List.of()).stream()
                            .filter(ticket -> ticket.position() <= youngest)
                            .forEach(ticket -> {
                                reached.put(ticket, link);
                                open.add(ticket);
                            });
                }
            }
        }
        return Optional.empty();
    }

    private List<Ticket> blockersOf(Ticket ticket) {
        try {
            return stuck.blockersOf(ticket);
        } catch (PoolMismatchException e) {
            return List.of();
        }
    }

    private static List<WaitCycle.Link> path(Ticket start, WaitCycle.Link last, Map<Ticket, WaitCycle.Link> reached) {
        Deque<WaitCycle.Link> path = new ArrayDeque<>(List.of(last));
        while (!path.getFirst().waits().equals(start)) {
            path.addFirst(Objects.requireNonNull(reached.get(path.getFirst().waits())));
        }
        return List.copyOf(path);
    }
}
