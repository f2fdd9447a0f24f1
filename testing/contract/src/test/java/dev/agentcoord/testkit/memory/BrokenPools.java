package dev.agentcoord.testkit.memory;

import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.Pool;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.testkit.memory.Broken.Space;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Wrong about permits. */
final class BrokenPools {
    private BrokenPools() {}

    static List<Broken> all() {
        return List.of(
                Broken.space(
                        "counts no permits",
                        () -> new Space() {
                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                return live.blockersOf(BrokenLocks.with(ticket, withoutPermits(ticket.wants())));
                            }
                        },
                        "a_pool_has_the_capacity_its_earliest_ticket_states",
                        "a_session_has_each_of_its_permits_once",
                        "permits_and_paths_are_had_together_or_not_at_all",
                        "permits_of_a_pool_are_counted",
                        "who_wants_few_permits_does_not_overtake_who_waits_for_many"),
                Broken.space(
                        "accepts any capacity of a pool",
                        () -> new Space() {
                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                try {
                                    return super.blockersOf(live, ticket);
                                } catch (PoolMismatchException e) {
                                    return List.of();
                                }
                            }
                        },
                        "a_pool_has_the_capacity_its_earliest_ticket_states"),
                Broken.space(
                        "remembers a pool's capacity for ever",
                        () -> new Space() {
                            private final Map<String, Integer> capacities = new HashMap<>();

                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                for (Pool pool : ticket.wants().permits().keySet()) {
                                    Integer before = capacities.putIfAbsent(pool.name(), pool.capacity());
                                    if (before != null && before != pool.capacity()) {
                                        throw new PoolMismatchException(pool, "it was " + before);
                                    }
                                }
                                return super.blockersOf(live, ticket);
                            }
                        },
                        "a_pool_that_nobody_uses_may_have_another_capacity"),
                Broken.space(
                        "counts a session's permits once for all its requests",
                        () -> new Space() {
                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                return super.blockersOf(live, ticket).stream()
                                        .filter(other -> !other.owner().equals(ticket.owner()))
                                        .toList();
                            }
                        },
                        "a_session_has_each_of_its_permits_once"),
                Broken.space(
                        "counts only the permits that are in use",
                        () -> new Space() {
                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                List<Ticket> blockers = super.blockersOf(live, ticket);
                                return ticket.wants().items().isEmpty() && fits(live, blockers, ticket)
                                        ? List.of()
                                        : blockers;
                            }
                        },
                        "who_wants_few_permits_does_not_overtake_who_waits_for_many"),
                Broken.space(
                        "takes the permits of a request whose path is held",
                        () -> new Space() {
                            @Override
                            Placement place(MemorySession session, TicketDraft draft, boolean keepBlocked) {
                                Placement placed = super.place(session, draft, keepBlocked);
                                if (!keepBlocked && placed.verdict() instanceof Verdict.Blocked) {
                                    draft.wants()
                                            .permits()
                                            .forEach((pool, count) -> super.place(
                                                    session,
                                                    new TicketDraft(
                                                            LockRequest.permits(pool, count),
                                                            draft.request(),
                                                            draft.hint()),
                                                    false));
                                }
                                return placed;
                            }
                        },
                        "permits_and_paths_are_had_together_or_not_at_all"));
    }

    private static boolean fits(TicketTable live, List<Ticket> blockers, Ticket ticket) {
        return ticket.wants().permits().entrySet().stream()
                .allMatch(wanted -> blockers.stream()
                                        .filter(live::isGranted)
                                        .mapToInt(
                                                other -> other.wants().permits().getOrDefault(wanted.getKey(), 0))
                                        .sum()
                                + wanted.getValue()
                        <= wanted.getKey().capacity());
    }

    private static LockRequest withoutPermits(LockRequest request) {
        LockRequest bare = LockRequest.empty();
        for (var item : request.items().entrySet()) {
            bare = item.getValue() == Mode.EXCLUSIVE ? bare.andExclusive(item.getKey()) : bare.andShared(item.getKey());
        }
        return bare;
    }
}
