package dev.agentcoord.testkit.memory;

import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.Intervention;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.Subscription;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.testkit.memory.Broken.LettingSpace;
import dev.agentcoord.testkit.memory.Broken.Space;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Wrong about what a grant is worth. */
final class BrokenGrants {
    private BrokenGrants() {}

    static List<Broken> all() {
        return Stream.of(tokens(), holds(), thefts()).flatMap(List::stream).toList();
    }

    private static List<Broken> tokens() {
        return List.of(
                Broken.space(
                        "counts from one again when nothing is held",
                        () -> new Space() {
                            private long position;

                            @Override
                            long nextPosition() {
                                position = tickets().isEmpty() ? 1 : position + 1;
                                return position;
                            }
                        },
                        "a_ticket_is_stolen_once",
                        "a_write_that_requires_a_lock_happens_only_while_that_is_held",
                        "grants_of_one_file_pass_a_guard_in_the_order_granted",
                        "the_locks_of_a_dead_session_guard_nothing",
                        "tokens_grow_with_every_grant_even_where_nothing_was_held_in_between"),
                Broken.space(
                        "gives every grant the same token",
                        () -> new Space() {
                            @Override
                            FencingToken tokenOf(Ticket ticket) {
                                return new FencingToken(incarnation(), 1, 0);
                            }
                        },
                        "a_lock_that_still_waits_is_not_held",
                        "grants_of_one_file_pass_a_guard_in_the_order_granted",
                        "a_lock_under_a_claim_is_the_tasks_and_listed_with_its_claimer",
                        "only_what_is_not_held_yet_gets_a_new_token",
                        "tokens_grow_with_every_grant_even_where_nothing_was_held_in_between"),
                Broken.locks(
                        "raises the token when asked again",
                        locks -> new Forwarding.Locking(locks) {
                            private int asked;

                            @Override
                            public Optional<Grant> tryAcquire(LockRequest request) {
                                int generation = ++asked;
                                return super.tryAcquire(request).map(grant -> new Forwarding.Granted(grant) {
                                    @Override
                                    public FencingToken token() {
                                        FencingToken token = super.token();
                                        return new FencingToken(token.incarnation(), token.position(), generation);
                                    }
                                });
                            }
                        },
                        "a_lock_of_a_task_can_be_released_alone",
                        "whoever_claims_a_task_that_was_handed_off_has_its_locks",
                        "asking_again_for_what_is_held_gives_the_same_token",
                        "everybody_sees_who_holds_what_and_why_and_who_waits_for_whom",
                        "only_what_is_not_held_yet_gets_a_new_token"));
    }

    private static List<Broken> holds() {
        return List.of(
                Broken.space(
                        "stops believing what it granted",
                        () -> new Space() {
                            @Override
                            synchronized Verdict decide(MemorySession session, Ticket mine) {
                                return super.decide(session, mine) instanceof Verdict.Blocked blocked
                                        ? blocked
                                        : new Verdict.Gone(LossCause.RESET);
                            }
                        },
                        "a_cancelled_task_has_no_locks_and_its_claimer_hears_of_it",
                        "what_was_only_waited_for_does_not_come_along",
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "a_grant_is_void_once_its_task_was_handed_off",
                        "a_grant_of_the_session_can_be_bound_to_the_task",
                        "a_lock_under_a_claim_is_the_tasks_and_listed_with_its_claimer",
                        "grants_handed_along_are_the_receivers",
                        "locks_of_a_claimed_task_are_never_given_up",
                        "locks_parked_for_too_long_are_given_up_by_whom_they_block",
                        "nobody_gets_in_between_a_hand_off_and_the_next_claim",
                        "the_locks_of_a_task_that_dies_with_its_last_claimer_are_free",
                        "whoever_claims_a_task_that_was_handed_off_has_its_locks",
                        "a_cycle_of_seven_has_one_victim",
                        "a_cycle_of_two_has_the_youngest_as_its_one_victim",
                        "a_held_grant_checks_and_verifies",
                        "a_holder_hears_who_asks_for_its_lock_and_why_and_keeps_it",
                        "a_lock_that_still_waits_is_not_held",
                        "a_theft_goes_to_the_first_in_line",
                        "a_wait_that_has_timed_out_is_in_nobodys_way",
                        "a_waiter_is_granted_when_the_holder_releases",
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
                Broken.locks(
                        "releases all when one is released",
                        locks -> new Forwarding.Locking(locks) {
                            private final List<Grant> grants = new ArrayList<>();

                            @Override
                            public Optional<Grant> tryAcquire(LockRequest request) {
                                Optional<Grant> granted = super.tryAcquire(request)
                                        .map(grant -> new Forwarding.Granted(grant) {
                                            @Override
                                            public void release() {
                                                super.release();
                                                grants.forEach(Grant::close);
                                            }
                                        });
                                granted.ifPresent(grants::add);
                                return granted;
                            }
                        },
                        "a_lock_of_a_task_can_be_released_alone",
                        "what_an_inner_grant_rests_on_is_kept_until_the_last_is_released"),
                Broken.grants(
                        "accepts a second release",
                        grant -> new Forwarding.Granted(grant) {
                            @Override
                            public void release() {
                                try {
                                    super.release();
                                } catch (NotHeldException e) {
                                    // Nothing was released, and nobody is told.
                                }
                            }
                        },
                        "a_lock_of_a_task_can_be_released_alone",
                        "a_released_grant_is_held_by_nobody"),
                Broken.grants(
                        "binds a grant to the thread that asked",
                        grant -> new Forwarding.Granted(grant) {
                            private final Thread owner = Thread.currentThread();

                            @Override
                            public void release() {
                                if (Thread.currentThread() == owner) {
                                    super.release();
                                }
                            }
                        },
                        "a_lock_of_a_task_can_be_released_alone",
                        "a_grant_may_be_used_from_any_thread"));
    }

    private static List<Broken> thefts() {
        return List.of(
                Broken.space(
                        "tells nobody of a theft",
                        () -> new Space() {
                            @Override
                            @Nullable LossCause lossOf(MemorySession session, Ticket mine) {
                                return null;
                            }
                        },
                        "a_cancelled_task_has_no_locks_and_its_claimer_hears_of_it",
                        "what_was_only_waited_for_does_not_come_along",
                        "a_lost_grant_covers_no_new_request",
                        "the_loser_of_a_theft_hears_of_it_once_and_before_any_call_returns",
                        "the_loser_of_a_theft_is_told_who_took_it_and_why",
                        "the_loser_of_a_theft_knows_before_anybody_else_is_granted",
                        "who_asks_for_news_of_a_lost_grant_hears_of_it_at_once",
                        "who_waited_for_what_was_stolen_is_told_who_took_its_place_and_why"),
                Broken.space(
                        "tells of a theft when others have been let in",
                        () -> new LettingSpace() {
                            @Override
                            @Nullable LossCause lossOf(MemorySession session, Ticket mine) {
                                LossCause cause = super.lossOf(session, mine);
                                return cause == LossCause.STOLEN && isLettingIn() ? null : cause;
                            }
                        },
                        "the_loser_of_a_theft_knows_before_anybody_else_is_granted"),
                Broken.space(
                        "ignores thefts",
                        () -> new Space() {
                            @Override
                            void steal(MemorySession thief, TicketId id, String reason) {}
                        },
                        "a_lock_of_a_task_goes_with_the_task_and_is_neither_stolen_nor_asked_for_by_its_ticket",
                        "a_lost_grant_covers_no_new_request",
                        "a_stale_release_frees_nobody_elses_lock",
                        "a_theft_goes_to_the_first_in_line",
                        "a_theft_is_recorded_before_anybody_else_is_granted",
                        "a_ticket_is_stolen_once",
                        "a_waiting_request_can_be_stolen_too",
                        "everybody_sees_the_latest_thefts_when_the_losers_have_left_too",
                        "the_loser_of_a_theft_hears_of_it_once_and_before_any_call_returns",
                        "the_loser_of_a_theft_is_told_who_took_it_and_why",
                        "the_loser_of_a_theft_knows_before_anybody_else_is_granted",
                        "who_asks_for_news_of_a_lost_grant_hears_of_it_at_once",
                        "who_waited_for_what_was_stolen_is_told_who_took_its_place_and_why"),
                Broken.space(
                        "steals from whoever is there when the loser is gone",
                        () -> new Space() {
                            @Override
                            void steal(MemorySession thief, TicketId id, String reason) {
                                try {
                                    super.steal(thief, id, reason);
                                } catch (NotHeldException e) {
                                    super.steal(thief, tickets().get(0).id(), reason);
                                }
                            }
                        },
                        "a_ticket_is_stolen_once"),
                Broken.space(
                        "steals only what is held",
                        () -> new Space() {
                            @Override
                            void steal(MemorySession thief, TicketId id, String reason) {
                                if (tickets().stream()
                                        .noneMatch(ticket -> ticket.id().equals(id) && !isGranted(ticket))) {
                                    super.steal(thief, id, reason);
                                }
                            }
                        },
                        "a_waiting_request_can_be_stolen_too",
                        "who_waited_for_what_was_stolen_is_told_who_took_its_place_and_why"),
                Broken.space(
                        "forgets who stole",
                        () -> new Space() {
                            @Override
                            synchronized @Nullable Intervention theftOf(Ticket mine) {
                                return null;
                            }
                        },
                        "the_loser_of_a_theft_is_told_who_took_it_and_why",
                        "who_waited_for_what_was_stolen_is_told_who_took_its_place_and_why"),
                Broken.space(
                        "records a theft when others have been let in",
                        () -> new LettingSpace() {
                            @Override
                            public synchronized List<Intervention> thefts(int limit) {
                                return isLettingIn() ? List.of() : super.thefts(limit);
                            }
                        },
                        "a_theft_is_recorded_before_anybody_else_is_granted"),
                Broken.space(
                        "remembers thefts from the living alone, the first of them first",
                        () -> new Space() {
                            @Override
                            public synchronized List<Intervention> thefts(int limit) {
                                return super.thefts(limit).stream()
                                        .filter(theft -> sessions().stream()
                                                .anyMatch(view ->
                                                        view.info().agent().equals(theft.holder())))
                                        .toList();
                            }
                        },
                        "locks_parked_for_too_long_are_given_up_by_whom_they_block",
                        "everybody_sees_the_latest_thefts_when_the_losers_have_left_too"),
                Broken.space(
                        "asks nobody",
                        () -> new Space() {
                            @Override
                            void requestRelease(MemorySession asker, TicketId id, String reason) {}
                        },
                        "a_lock_of_a_task_goes_with_the_task_and_is_neither_stolen_nor_asked_for_by_its_ticket",
                        "a_holder_hears_who_asks_for_its_lock_and_why_and_keeps_it",
                        "a_request_for_a_release_needs_a_reason_and_a_ticket",
                        "the_same_question_is_told_once_a_minute"),
                Broken.space(
                        "takes what it should ask for",
                        () -> new Space() {
                            @Override
                            void requestRelease(MemorySession asker, TicketId id, String reason) {
                                super.requestRelease(asker, id, reason);
                                steal(asker, id, reason);
                            }
                        },
                        "a_holder_hears_who_asks_for_its_lock_and_why_and_keeps_it",
                        "the_same_question_is_told_once_a_minute"),
                Broken.locks(
                        "lets questions flood the holder",
                        locks -> new Forwarding.Locking(locks) {
                            @Override
                            public Subscription onReleaseRequested(Consumer<Intervention> listener) {
                                return super.onReleaseRequested(request -> {
                                    listener.accept(request);
                                    listener.accept(request);
                                });
                            }
                        },
                        "the_same_question_is_told_once_a_minute"),
                Broken.locks(
                        "steals without a reason",
                        locks -> new Forwarding.Locking(locks) {
                            @Override
                            public void steal(TicketId ticket, String reason) {
                                super.steal(ticket, reason.isBlank() ? "no reason" : reason);
                            }
                        },
                        "a_theft_needs_a_reason"),
                Broken.grants(
                        "tells of a loss twice",
                        grant -> new Forwarding.Granted(grant) {
                            @Override
                            public void onLost(Consumer<LossCause> listener) {
                                super.onLost(listener);
                                super.onLost(listener);
                            }
                        },
                        "a_lock_of_a_task_can_be_released_alone",
                        "a_lost_session_is_lost_for_ever",
                        "the_loser_of_a_theft_hears_of_it_once_and_before_any_call_returns"),
                Broken.grants(
                        "tells those who ask after a loss nothing",
                        grant -> new Forwarding.Granted(grant) {
                            @Override
                            public void onLost(Consumer<LossCause> listener) {
                                super.check();
                                super.onLost(listener);
                            }
                        },
                        "a_lock_of_a_task_can_be_released_alone",
                        "who_asks_for_news_of_a_lost_grant_hears_of_it_at_once"));
    }
}
