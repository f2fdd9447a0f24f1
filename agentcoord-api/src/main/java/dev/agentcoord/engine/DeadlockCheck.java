package dev.agentcoord.engine;

import dev.agentcoord.DeadlockException;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.WaitCycle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks for a cycle of waits when a wait lasts; only the owner of its youngest ticket, the victim, acts on it. */
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
        victimised(mine).ifPresent(cycle -> {
            throw deadlock(request, cycle);
        });
    }

    /** The cycle it is the victim of; a store that does not answer ends no wait, and the next look sees what this one cannot. */
    private Optional<WaitCycle> victimised(Ticket mine) {
        try {
            return listing.waits()
                    .cycleThrough(mine)
                    .filter(cycle -> cycle.victim().equals(mine))
                    .filter(cycle -> cycle.confirmedBy(listing.waits()));
        } catch (StoreUnavailableException e) {
            return Optional.empty();
        }
    }

    private DeadlockException deadlock(LockRequest request, WaitCycle cycle) {
        List<Ticket> blocking =
                cycle.links().stream().map(WaitCycle.Link::blocker).toList();
        Map<Long, LockInfo> infos = Stream.of(listing.of(cycle.waiting()), listing.of(blocking))
                .flatMap(List::stream)
                .collect(Collectors.toMap(info -> info.id().position(), Function.identity(), (one, same) -> one));
        Map<Owner, String> names = Stream.of(cycle.waiting(), blocking)
                .flatMap(List::stream)
                .filter(ticket -> infos.containsKey(ticket.position()))
                .collect(Collectors.toMap(
                        Ticket::owner,
                        ticket -> name(Objects.requireNonNull(infos.get(ticket.position()))),
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

    private static String name(LockInfo info) {
        return info.owner().agent() + (info.task().isEmpty() ? "" : " for task " + info.task());
    }
}
