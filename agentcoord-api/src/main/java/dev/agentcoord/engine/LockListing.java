package dev.agentcoord.engine;

import dev.agentcoord.LockInfo;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionView;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.core.lock.WaitGraph;
import dev.agentcoord.spi.Backend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Live tickets as people see them: with their owner's record and with what they wait for. Thread-safe. */
final class LockListing {
    private final Backend backend;

    LockListing(Backend backend) {
        this.backend = backend;
    }

    /** The live tickets, earliest first. */
    List<Ticket> tickets() {
        return backend.tickets();
    }

    /** All live tickets. */
    List<LockInfo> all() {
        return describe(tickets());
    }

    /** Who waits for whom among the live tickets, a task and the session that claims it being one party. */
    WaitGraph waits() {
        Map<Owner, Owner> claimers = new HashMap<>();
        return WaitGraph.of(
                tickets(),
                owner -> owner.kind() == Owner.Kind.SESSION ? owner : claimers.computeIfAbsent(owner, this::partyOf));
    }

    private Owner partyOf(Owner task) {
        return backend.claimerOf(task).map(Owner::session).orElse(task);
    }

    /** Those of the tickets that are still live. */
    List<LockInfo> of(Collection<Ticket> wanted) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        Set<Long> positions = wanted.stream().map(Ticket::position).collect(Collectors.toSet());
        return all().stream()
                .filter(info -> positions.contains(info.id().position()))
                .toList();
    }

    /** What a live ticket waits for; throws {@link NotHeldException} where there is no such ticket. */
    List<LockInfo> blockersOf(TicketId ticket) {
        List<LockInfo> all = all();
        LockInfo waiting = all.stream()
                .filter(info -> info.id().equals(ticket))
                .findFirst()
                .orElseThrow(() -> new NotHeldException(
                        ticket, "there is no ticket " + ticket + "; 'agentcoord locks' lists those there are"));
        return blockersOf(waiting, all);
    }

    /** As {@link #blockersOf(TicketId)}, but nothing where there is no such ticket any more. */
    List<LockInfo> blockersOf(Ticket ticket) {
        List<LockInfo> all = all();
        return all.stream()
                .filter(info -> info.id().equals(ticket.id()))
                .flatMap(waiting -> blockersOf(waiting, all).stream())
                .toList();
    }

    private static List<LockInfo> blockersOf(LockInfo waiting, List<LockInfo> all) {
        return all.stream()
                .filter(info -> waiting.blockers().contains(info.id()))
                .toList();
    }

    private List<LockInfo> describe(List<Ticket> live) {
        TicketTable table = new TicketTable();
        live.forEach(table::add);
        // Sessions are read after the tickets: an owner that is missing here has ended, and its tickets with it.
        Map<String, SessionInfo> sessions = backend.sessions().stream()
                .map(SessionView::info)
                .collect(Collectors.toMap(info -> info.id().text(), Function.identity()));
        Map<Ticket, SessionInfo> owners = new LinkedHashMap<>();
        live.forEach(ticket -> ownerOf(ticket, sessions).ifPresent(owner -> owners.put(ticket, owner)));
        Map<TicketId, List<TicketId>> blockers = new HashMap<>();
        Map<TicketId, List<TicketId>> waiters = new HashMap<>();
        for (Ticket ticket : owners.keySet()) {
            List<TicketId> by =
                    table.blockersOf(ticket).stream().map(Ticket::id).toList();
            blockers.put(ticket.id(), by);
            by.forEach(blocker ->
                    waiters.computeIfAbsent(blocker, id -> new ArrayList<>()).add(ticket.id()));
        }
        return owners.entrySet().stream()
                .map(each -> describe(each.getKey(), each.getValue(), blockers, waiters))
                .toList();
    }

    /** Empty where it has ended. */
    private Optional<SessionInfo> ownerOf(Ticket ticket, Map<String, SessionInfo> sessions) {
        if (ticket.owner().kind() == Owner.Kind.SESSION) {
            return Optional.ofNullable(sessions.get(ticket.owner().id()));
        }
        return Optional.of(backend.claimerOf(ticket.owner())
                .map(id -> sessions.get(id.text()))
                .orElse(LockInfo.PARKED));
    }

    private LockInfo describe(
            Ticket ticket,
            SessionInfo owner,
            Map<TicketId, List<TicketId>> blockers,
            Map<TicketId, List<TicketId>> waiters) {
        List<TicketId> by = blockers.getOrDefault(ticket.id(), List.of());
        return new LockInfo(
                ticket.id(),
                owner,
                ticket.owner().kind() == Owner.Kind.TASK ? ticket.owner().id() : "",
                ticket.wants(),
                ticket.token(backend.incarnation()),
                by.isEmpty(),
                ticket.since(),
                by,
                waiters.getOrDefault(ticket.id(), List.of()));
    }
}
