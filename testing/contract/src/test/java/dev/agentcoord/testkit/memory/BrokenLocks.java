package dev.agentcoord.testkit.memory;

import dev.agentcoord.Grant;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.TicketId;
import dev.agentcoord.Wait;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.testkit.memory.Broken.Space;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** Wrong about who is granted what. */
final class BrokenLocks {
    private BrokenLocks() {}

    static List<Broken> all() {
        return Stream.of(overlaps(), orders(), tickets(), listings())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Broken> overlaps() {
        return List.of(
                Broken.space(
                        "grants everything",
                        () -> new Space() {
                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                return List.of();
                            }
                        },
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "a_task_and_its_claimer_are_one_in_a_deadlock",
                        "a_task_that_waits_for_its_receiver_keeps_its_locks",
                        "grants_handed_along_are_the_receivers",
                        "locks_of_a_claimed_task_are_never_given_up",
                        "locks_parked_for_too_long_are_given_up_by_whom_they_block",
                        "nobody_gets_in_between_a_hand_off_and_the_next_claim",
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "what_a_dead_claimer_only_waited_for_holds_up_nobody",
                        "what_was_only_waited_for_does_not_come_along",
                        "a_cancelled_wait_leaves_nothing_behind",
                        "a_cycle_of_seven_has_one_victim",
                        "a_cycle_of_two_has_the_youngest_as_its_one_victim",
                        "a_holder_hears_who_asks_for_its_lock_and_why_and_keeps_it",
                        "a_lock_that_still_waits_is_not_held",
                        "a_lost_grant_covers_no_new_request",
                        "a_pool_has_the_capacity_its_earliest_ticket_states",
                        "a_request_is_granted_all_or_nothing",
                        "a_request_that_was_withdrawn_is_part_of_no_cycle",
                        "a_session_has_each_of_its_permits_once",
                        "a_stale_release_frees_nobody_elses_lock",
                        "a_tree_is_the_directory_and_everything_below_it",
                        "a_wait_ends_at_its_deadline_and_says_who_was_in_the_way",
                        "a_wait_that_has_timed_out_is_in_nobodys_way",
                        "a_waiting_request_can_be_stolen_too",
                        "an_interrupted_wait_leaves_nothing_behind",
                        "closing_ends_its_waits",
                        "conflicting_requests_are_granted_in_the_order_asked",
                        "death_ends_its_waits",
                        "exclusive_means_exclusive",
                        "globs_that_share_a_path_conflict",
                        "one_path_has_one_name",
                        "permits_and_paths_are_had_together_or_not_at_all",
                        "permits_of_a_pool_are_counted",
                        "readers_do_not_overtake_a_waiting_writer",
                        "readers_share_and_keep_writers_out",
                        "the_living_keep_what_they_hold_when_another_dies",
                        "what_an_inner_grant_rests_on_is_kept_until_the_last_is_released",
                        "who_joins_again_under_the_same_name_inherits_nothing",
                        "who_waited_for_what_was_stolen_is_told_who_took_its_place_and_why",
                        "who_wants_few_permits_does_not_overtake_who_waits_for_many",
                        "without_waiting_a_blocked_request_leaves_nothing_behind",
                        "of_a_bind_and_a_request_that_overlap_in_one_moment_one_is_refused",
                        "what_overlaps_with_what_the_session_waits_for_is_not_bound_until_it_waits_no_more"),
                Broken.space(
                        "lets no two readers in",
                        () -> new Space() {
                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                return live.blockersOf(with(ticket, exclusive(ticket.wants())));
                            }
                        },
                        "readers_share_and_keep_writers_out",
                        "what_conflicts_with_nothing_that_the_session_keeps_is_bound_alone"),
                Broken.space(
                        "sees conflicts everywhere",
                        () -> comparing((one, other) -> true),
                        "a_lock_of_a_task_can_be_released_alone",
                        "a_task_and_its_claimer_are_one_in_a_deadlock",
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "a_cycle_of_seven_has_one_victim",
                        "a_cycle_of_two_has_the_youngest_as_its_one_victim",
                        "a_name_is_no_path",
                        "a_request_is_granted_all_or_nothing",
                        "a_request_that_was_withdrawn_is_part_of_no_cycle",
                        "a_tree_does_not_reach_a_name_that_only_begins_alike",
                        "a_waiting_request_lets_through_what_it_does_not_conflict_with",
                        "closing_releases_everything_before_it_returns",
                        "globs_that_share_no_path_do_not_conflict",
                        "permits_and_paths_are_had_together_or_not_at_all",
                        "the_living_keep_what_they_hold_when_another_dies",
                        "what_does_not_conflict_passes_freely",
                        "what_conflicts_with_nothing_that_the_session_keeps_is_bound_alone",
                        "what_overlaps_with_what_the_session_waits_for_is_not_bound_until_it_waits_no_more"),
                Broken.space(
                        "compares patterns by their texts",
                        () -> comparing(Item::equals),
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "a_cycle_of_two_has_the_youngest_as_its_one_victim",
                        "a_tree_is_the_directory_and_everything_below_it",
                        "globs_that_share_a_path_conflict",
                        "readers_do_not_overtake_a_waiting_writer",
                        "of_a_bind_and_a_request_that_overlap_in_one_moment_one_is_refused",
                        "what_overlaps_with_what_the_session_waits_for_is_not_bound_until_it_waits_no_more"),
                Broken.space(
                        "compares paths by the beginnings of their texts",
                        () -> comparing((one, other) -> one.kind() != Item.Kind.GLOB
                                && (one.text().startsWith(other.text())
                                        || other.text().startsWith(one.text()))),
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "a_cycle_of_two_has_the_youngest_as_its_one_victim",
                        "a_name_is_no_path",
                        "a_tree_does_not_reach_a_name_that_only_begins_alike",
                        "a_tree_is_the_directory_and_everything_below_it",
                        "globs_that_share_a_path_conflict",
                        "what_does_not_conflict_passes_freely"),
                Broken.space(
                        "takes names for paths",
                        () -> comparing((one, other) -> one.text().equals(other.text())),
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "a_cycle_of_two_has_the_youngest_as_its_one_victim",
                        "a_name_is_no_path",
                        "a_tree_is_the_directory_and_everything_below_it",
                        "globs_that_share_a_path_conflict",
                        "readers_do_not_overtake_a_waiting_writer",
                        "of_a_bind_and_a_request_that_overlap_in_one_moment_one_is_refused",
                        "what_overlaps_with_what_the_session_waits_for_is_not_bound_until_it_waits_no_more"),
                Broken.space(
                        "lets a session's requests conflict with each other",
                        () -> new Space() {
                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                return live.blockersOf(new Ticket(
                                        ticket.position(),
                                        0,
                                        new Owner(Owner.Kind.TASK, "nobody/nothing"),
                                        ticket.request(),
                                        ticket.wants(),
                                        ticket.since()));
                            }
                        },
                        "requests_of_one_session_never_conflict",
                        "grants_that_overlap_are_bound_together",
                        "of_a_bind_and_a_request_that_overlap_in_one_moment_one_is_refused",
                        "what_overlaps_with_a_lock_that_the_session_keeps_is_not_bound_alone"));
    }

    private static List<Broken> orders() {
        return List.of(
                Broken.space(
                        "lets readers overtake waiting writers",
                        () -> new Space() {
                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                boolean reads = !ticket.wants().items().containsValue(Mode.EXCLUSIVE);
                                return super.blockersOf(live, ticket).stream()
                                        .filter(other -> !reads || live.isGranted(other))
                                        .toList();
                            }
                        },
                        "readers_do_not_overtake_a_waiting_writer"),
                Broken.space(
                        "lets anybody overtake those who wait",
                        () -> new Space() {
                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                return super.blockersOf(live, ticket).stream()
                                        .filter(live::isGranted)
                                        .toList();
                            }
                        },
                        "conflicting_requests_are_granted_in_the_order_asked",
                        "readers_do_not_overtake_a_waiting_writer"),
                Broken.space(
                        "lets later requests block earlier ones",
                        () -> new Space() {
                            @Override
                            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                                return Stream.concat(
                                                super.blockersOf(live, ticket).stream(),
                                                live.all().stream()
                                                        .filter(later -> later.position() > ticket.position()
                                                                && live.blockersOf(later)
                                                                        .contains(ticket)))
                                        .toList();
                            }
                        },
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "a_task_that_waits_for_its_receiver_keeps_its_locks",
                        "locks_of_a_claimed_task_are_never_given_up",
                        "nobody_gets_in_between_a_hand_off_and_the_next_claim",
                        "a_holder_hears_who_asks_for_its_lock_and_why_and_keeps_it",
                        "conflicting_requests_are_granted_in_the_order_asked",
                        "requests_for_the_same_paths_in_opposite_orders_never_deadlock",
                        "grants_that_overlap_are_bound_together"));
    }

    private static List<Broken> tickets() {
        return List.of(
                Broken.space(
                        "grants the free part of a blocked request",
                        () -> new Space() {
                            @Override
                            Placement place(MemorySession session, TicketDraft draft, boolean keepBlocked) {
                                Placement placed = super.place(session, draft, keepBlocked);
                                if (!keepBlocked && placed.verdict() instanceof Verdict.Blocked) {
                                    draft.wants()
                                            .items()
                                            .forEach((item, mode) -> super.place(
                                                    session,
                                                    new TicketDraft(
                                                            LockRequest.exclusive(item), draft.request(), draft.hint()),
                                                    false));
                                }
                                return placed;
                            }
                        },
                        "a_request_is_granted_all_or_nothing",
                        "permits_and_paths_are_had_together_or_not_at_all"),
                Broken.space(
                        "lets anybody remove a ticket",
                        () -> new Space() {
                            @Override
                            boolean remove(MemorySession session, Ticket mine) {
                                return super.remove(tickets().contains(mine) ? ownerOf(mine) : session, mine);
                            }
                        },
                        "a_lock_of_a_task_can_be_released_alone",
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "a_ticket_is_removed_once_and_only_by_its_session",
                        "of_a_bind_and_a_request_that_overlap_in_one_moment_one_is_refused"),
                Broken.space(
                        "says it released what was not there",
                        () -> new Space() {
                            @Override
                            boolean remove(MemorySession session, Ticket mine) {
                                super.remove(session, mine);
                                return true;
                            }
                        },
                        "a_stale_release_frees_nobody_elses_lock",
                        "a_ticket_is_removed_once_and_only_by_its_session"),
                Broken.space(
                        "removes by path whatever ticket is there",
                        () -> new Space() {
                            @Override
                            boolean remove(MemorySession session, Ticket mine) {
                                return super.remove(session, mine)
                                        || tickets().stream()
                                                .filter(other -> other.wants().equals(mine.wants()))
                                                .anyMatch(other -> super.remove(ownerOf(other), other));
                            }
                        },
                        "a_stale_release_frees_nobody_elses_lock",
                        "a_ticket_is_removed_once_and_only_by_its_session"),
                Broken.space(
                        "sets no bound to live requests",
                        () -> new Space() {
                            @Override
                            void checkQuota(TicketTable live, MemorySession session) {}
                        },
                        "a_session_has_a_bounded_number_of_live_requests"),
                Broken.locks(
                        "locks path by path",
                        locks -> new Forwarding.Locking(locks) {
                            @Override
                            public CompletableFuture<Grant> acquireAsync(LockRequest request, Wait wait) {
                                CompletableFuture<Grant> all = CompletableFuture.completedFuture(null);
                                for (Item item : request.items().keySet()) {
                                    all = all.thenCompose(got -> super.acquireAsync(LockRequest.exclusive(item), wait));
                                }
                                return all;
                            }
                        },
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "what_was_only_waited_for_does_not_come_along",
                        "a_cancelled_wait_leaves_nothing_behind",
                        "a_request_that_was_withdrawn_is_part_of_no_cycle",
                        "conflicting_requests_are_granted_in_the_order_asked",
                        "everybody_sees_who_holds_what_and_why_and_who_waits_for_whom",
                        "requests_for_the_same_paths_in_opposite_orders_never_deadlock",
                        "who_wants_few_permits_does_not_overtake_who_waits_for_many",
                        "what_overlaps_with_what_the_session_waits_for_is_not_bound_until_it_waits_no_more"),
                Broken.locks(
                        "takes misuse for contention",
                        locks -> new Forwarding.Locking(locks) {
                            @Override
                            public Optional<Grant> tryAcquire(LockRequest request) {
                                try {
                                    return super.tryAcquire(request);
                                } catch (InvalidRequestException e) {
                                    return Optional.empty();
                                }
                            }
                        },
                        "an_empty_request_is_refused",
                        "exclusive_over_ones_own_shared_is_refused_at_once"));
    }

    private static List<Broken> listings() {
        return List.of(
                Broken.space(
                        "hides reasons",
                        () -> new Space() {
                            @Override
                            public synchronized List<Ticket> tickets() {
                                return super.tickets().stream()
                                        .map(ticket ->
                                                with(ticket, ticket.wants().reason("")))
                                        .toList();
                            }
                        },
                        "a_wait_ends_at_its_deadline_and_says_who_was_in_the_way",
                        "a_waiter_sees_its_place_in_line_and_who_is_in_its_way",
                        "everybody_sees_who_holds_what_and_why_and_who_waits_for_whom"),
                Broken.space(
                        "explains nothing",
                        () -> new Space() {
                            @Override
                            synchronized List<Ticket> blockersOf(MemorySession session, LockRequest wants) {
                                return List.of();
                            }
                        },
                        "explaining_names_what_is_in_the_way_and_queues_nothing"),
                Broken.locks(
                        "tells those who wait nothing of what they wait for",
                        locks -> new Forwarding.Locking(locks) {
                            @Override
                            public List<LockInfo> explain(TicketId ticket) {
                                return List.of();
                            }
                        },
                        "a_waiter_sees_its_place_in_line_and_who_is_in_its_way"),
                Broken.space(
                        "queues what it only explains",
                        () -> new Space() {
                            @Override
                            synchronized List<Ticket> blockersOf(MemorySession session, LockRequest wants) {
                                List<Ticket> blockers = super.blockersOf(session, wants);
                                place(session, new TicketDraft(wants, 0, () -> {}), true);
                                return blockers;
                            }
                        },
                        "explaining_names_what_is_in_the_way_and_queues_nothing"));
    }

    /** A space with an overlap of its own making. */
    private static Space comparing(BiPredicate<Item, Item> overlap) {
        return new Space() {
            @Override
            List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
                super.blockersOf(live, ticket);
                return live.all().stream()
                        .filter(other -> other.position() < ticket.position())
                        .filter(other -> (!other.owner().equals(ticket.owner())
                                        && conflict(other.wants(), ticket.wants(), overlap))
                                || (!other.wants().permits().isEmpty()
                                        && live.blockersOf(ticket).contains(other)))
                        .toList();
            }
        };
    }

    private static boolean conflict(LockRequest one, LockRequest other, BiPredicate<Item, Item> overlap) {
        return one.items().entrySet().stream()
                .anyMatch(a -> other.items().entrySet().stream()
                        .anyMatch(
                                b -> a.getValue().conflictsWith(b.getValue()) && overlap.test(a.getKey(), b.getKey())));
    }

    private static LockRequest exclusive(LockRequest request) {
        return request.andExclusive(request.items().keySet().toArray(Item[]::new));
    }

    static Ticket with(Ticket ticket, LockRequest wants) {
        return new Ticket(
                ticket.position(), ticket.generation(), ticket.owner(), ticket.request(), wants, ticket.since());
    }
}
