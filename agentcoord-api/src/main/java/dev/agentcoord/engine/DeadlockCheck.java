package dev.agentcoord.engine;

import dev.agentcoord.DeadlockException;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.WaitCycle;
import dev.agentcoord.core.lock.WaitGraph;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks for a cycle of waits when a wait lasts (contract L6); only the owner of its youngest ticket, the victim, acts on it. */
final class DeadlockCheck {
    private static final long PATIENCE = Duration.ofMillis(250).toNanos();

    private final EngineSession session;
    private final LockListing listing;

    DeadlockCheck(EngineSession session, LockListing listing) {
        this.session = session;
        this.listing = listing;
    }

    /**
     * Throws {@link DeadlockException} when the ticket is the victim of a cycle that is seen twice. A session that holds nothing blocks
     * only tickets younger than its own, so it is never the victim and need not look.
     */
    void check(LockRequest request, Ticket mine, long waited) {
        if (waited < PATIENCE || session.holdings().isEmpty()) {
            return;
        }
        WaitGraph.of(listing.tickets())
                .cycleThrough(mine)
                .filter(cycle -> cycle.victim().equals(mine))
                .filter(cycle -> cycle.confirmedBy(WaitGraph.of(listing.tickets())))
                .ifPresent(cycle -> {
                    throw deadlock(request, cycle);
                });
    }

    private DeadlockException deadlock(LockRequest request, WaitCycle cycle) {
        Map<Long, LockInfo> infos = listing.of(cycle.waiting()).stream()
                .collect(Collectors.toMap(info -> info.id().position(), Function.identity()));
        Map<Owner, String> names = infos.values().stream()
                .collect(Collectors.toMap(
                        info -> Owner.session(info.owner().id()),
                        info -> info.owner().agent(),
                        (one, same) -> one));
        List<LockInfo> waiting = cycle.waiting().stream()
                .map(ticket -> infos.get(ticket.position()))
                .filter(Objects::nonNull)
                .toList();
        return new DeadlockException(
                request,
                "deadlock: " + cycle.describe(owner -> names.getOrDefault(owner, owner.toString()))
                        + "; release what you hold, then ask for all of it in one request",
                waiting);
    }
}
