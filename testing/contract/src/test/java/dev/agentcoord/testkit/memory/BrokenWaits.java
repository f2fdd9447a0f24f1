package dev.agentcoord.testkit.memory;

import dev.agentcoord.DeadlockException;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Wait;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.testkit.memory.Broken.Space;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Wrong about how waiting begins and ends. */
final class BrokenWaits {
    private BrokenWaits() {}

    static List<Broken> all() {
        return List.of(
                Broken.space(
                        "loses wake-ups",
                        () -> new Space() {
                            @Override
                            void wake(Collection<Ticket> admitted) {}
                        },
                        "a_release_wakes_those_it_lets_in",
                        "a_theft_is_recorded_before_anybody_else_is_granted",
                        "the_dead_know_before_anybody_else_is_granted",
                        "the_loser_of_a_theft_knows_before_anybody_else_is_granted"),
                Broken.space(
                        "queues those who will not wait",
                        () -> new Space() {
                            @Override
                            Placement place(MemorySession session, TicketDraft draft, boolean keepBlocked) {
                                return super.place(session, draft, true);
                            }
                        },
                        "a_request_is_granted_all_or_nothing",
                        "a_session_has_each_of_its_permits_once",
                        "permits_and_paths_are_had_together_or_not_at_all",
                        "permits_of_a_pool_are_counted",
                        "who_joins_again_under_the_same_name_inherits_nothing",
                        "without_waiting_a_blocked_request_leaves_nothing_behind"),
                Broken.space(
                        "never lets in those who had to wait",
                        () -> new Space() {
                            @Override
                            synchronized Verdict decide(MemorySession session, Ticket mine) {
                                return new Verdict.Blocked(List.of(mine));
                            }
                        },
                        "a_cancelled_task_has_no_locks_and_its_claimer_hears_of_it",
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "a_grant_is_void_once_its_task_was_handed_off",
                        "a_grant_of_the_session_can_be_bound_to_the_task",
                        "a_lock_under_a_claim_is_the_tasks_and_listed_with_its_claimer",
                        "grants_handed_along_are_the_receivers",
                        "locks_of_a_claimed_task_are_never_given_up",
                        "locks_parked_for_too_long_are_given_up_by_whom_they_block",
                        "nobody_gets_in_between_a_hand_off_and_the_next_claim",
                        "the_locks_of_a_task_that_dies_with_its_last_claimer_are_free",
                        "what_was_only_waited_for_does_not_come_along",
                        "whoever_claims_a_task_that_was_handed_off_has_its_locks",
                        "a_cycle_of_seven_has_one_victim",
                        "a_cycle_of_two_has_the_youngest_as_its_one_victim",
                        "a_held_grant_checks_and_verifies",
                        "a_holder_hears_who_asks_for_its_lock_and_why_and_keeps_it",
                        "a_lock_that_still_waits_is_not_held",
                        "a_theft_goes_to_the_first_in_line",
                        "a_wait_that_has_timed_out_is_in_nobodys_way",
                        "a_waiter_is_granted_when_the_holder_releases",
                        "a_waiting_request_can_be_stolen_too",
                        "conflicting_requests_are_granted_in_the_order_asked",
                        "readers_do_not_overtake_a_waiting_writer",
                        "requests_for_the_same_paths_in_opposite_orders_never_deadlock",
                        "the_living_keep_what_they_hold_when_another_dies",
                        "waiters_that_died_cost_those_behind_them_nothing",
                        "what_the_dead_held_goes_to_the_first_in_line",
                        "who_waited_for_what_was_stolen_is_told_who_took_its_place_and_why",
                        "who_wants_few_permits_does_not_overtake_who_waits_for_many",
                        "grants_that_overlap_are_bound_together",
                        "what_conflicts_with_nothing_that_the_session_keeps_is_bound_alone",
                        "what_overlaps_with_a_lock_that_the_session_keeps_is_not_bound_alone",
                        "what_overlaps_with_what_the_session_waits_for_is_not_bound_until_it_waits_no_more"),
                Broken.space(
                        "keeps the tickets of those who stopped waiting",
                        () -> new Space() {
                            @Override
                            boolean remove(MemorySession session, Ticket mine) {
                                return isGranted(mine) && super.remove(session, mine);
                            }
                        },
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "a_cancelled_wait_leaves_nothing_behind",
                        "a_request_that_was_withdrawn_is_part_of_no_cycle",
                        "a_wait_ends_at_its_deadline_and_says_who_was_in_the_way",
                        "a_wait_that_has_timed_out_is_in_nobodys_way",
                        "an_interrupted_wait_leaves_nothing_behind"),
                Broken.locks(
                        "finds no deadlock",
                        locks -> new Forwarding.Locking(locks) {
                            @Override
                            public CompletableFuture<Grant> acquireAsync(LockRequest request, Wait wait) {
                                CompletableFuture<Grant> patient = new CompletableFuture<>();
                                CompletableFuture<Grant> asked = super.acquireAsync(request, wait);
                                var answers = asked.whenComplete((grant, failure) -> {
                                    if (failure == null) {
                                        patient.complete(grant);
                                    } else if (!(failure instanceof DeadlockException)) {
                                        patient.completeExceptionally(failure);
                                    }
                                });
                                var cancels = patient.whenComplete((grant, failure) -> asked.cancel(true));
                                var unused = CompletableFuture.allOf(answers, cancels);
                                return patient;
                            }
                        },
                        "a_task_and_its_claimer_are_one_in_a_deadlock",
                        "a_cycle_of_seven_has_one_victim",
                        "a_cycle_of_two_has_the_youngest_as_its_one_victim"),
                Broken.space(
                        "lists tickets that are gone",
                        () -> new Space() {
                            private final List<Ticket> ever = new ArrayList<>();

                            @Override
                            Placement place(MemorySession session, TicketDraft draft, boolean keepBlocked) {
                                Placement placed = super.place(session, draft, keepBlocked);
                                ever.add(placed.ticket());
                                return placed;
                            }

                            @Override
                            public synchronized List<Ticket> tickets() {
                                return List.copyOf(ever);
                            }
                        },
                        "a_cancelled_task_has_no_locks_and_its_claimer_hears_of_it",
                        "a_grant_of_the_session_can_be_bound_to_the_task",
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "the_end_of_a_task_releases_its_locks",
                        "the_locks_of_a_task_that_dies_with_its_last_claimer_are_free",
                        "what_a_dead_claimer_only_waited_for_holds_up_nobody",
                        "what_was_only_waited_for_does_not_come_along",
                        "a_cancelled_wait_leaves_nothing_behind",
                        "a_released_grant_is_held_by_nobody",
                        "a_request_that_was_withdrawn_is_part_of_no_cycle",
                        "a_wait_ends_at_its_deadline_and_says_who_was_in_the_way",
                        "an_interrupted_wait_leaves_nothing_behind",
                        "who_joins_again_under_the_same_name_inherits_nothing",
                        "without_waiting_a_blocked_request_leaves_nothing_behind",
                        "grants_that_overlap_are_bound_together"),
                Broken.space(
                        "forgets the waiting tickets of the dead",
                        () -> new Space() {
                            @Override
                            List<Ticket> ticketsOf(MemorySession session) {
                                return super.ticketsOf(session).stream()
                                        .filter(this::isGranted)
                                        .toList();
                            }
                        },
                        "waiters_that_died_cost_those_behind_them_nothing"));
    }
}
