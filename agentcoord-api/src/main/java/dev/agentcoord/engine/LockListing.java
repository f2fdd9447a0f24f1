package dev.agentcoord.engine;

import dev.agentcoord.LockInfo;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionView;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.spi.Backend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Live tickets as people see them: with their owner's record and with what they wait for (contract L11). Thread-safe. */
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

    private List<LockInfo> describe(List<Ticket> live) {
        TicketTable table = new TicketTable();
        live.forEach(table::add);
        // Sessions are read after the tickets: an owner that is missing here has ended, and its tickets with it.
        Map<Owner, SessionInfo> owners = new HashMap<>();
        for (SessionView view : backend.sessions()) {
            owners.put(Owner.session(view.info().id()), view.info());
        }
        List<LockInfo> infos = new ArrayList<>();
        for (Ticket ticket : live) {
            SessionInfo owner = owners.get(ticket.owner());
            if (owner != null) {
                infos.add(describe(ticket, owner, table.blockersOf(ticket)));
            }
        }
        return infos;
    }

    private LockInfo describe(Ticket ticket, SessionInfo owner, List<Ticket> blockers) {
        return new LockInfo(
                ticket.id(),
                owner,
                ticket.wants(),
                ticket.token(backend.incarnation()),
                blockers.isEmpty(),
                ticket.since(),
                blockers.stream().map(Ticket::id).toList());
    }
}
