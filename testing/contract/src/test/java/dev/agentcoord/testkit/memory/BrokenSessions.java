package dev.agentcoord.testkit.memory;

import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.SessionView;
import dev.agentcoord.Subscription;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.testkit.memory.Broken.LettingSpace;
import dev.agentcoord.testkit.memory.Broken.Space;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Wrong about how participants live and end. */
final class BrokenSessions {
    private BrokenSessions() {}

    static List<Broken> all() {
        return Stream.of(records(), closings(), deaths()).flatMap(List::stream).toList();
    }

    private static List<Broken> records() {
        return List.of(
                Broken.space(
                        "knows sessions by their agent's name",
                        () -> new Space() {
                            private final Map<String, StoreSession> known = new HashMap<>();

                            @Override
                            public StoreSession join(Participant participant, StoreEvents events) {
                                return known.computeIfAbsent(
                                        participant.agent(), agent -> super.join(participant, events));
                            }
                        },
                        "what_was_handed_to_one_stays_his_when_he_dies",
                        "a_task_whose_claimers_all_die_is_a_dead_letter",
                        "each_session_has_an_id_of_its_own",
                        "who_joins_again_under_the_same_name_inherits_nothing"),
                Broken.space(
                        "forgets what participants say of themselves",
                        () -> new Space() {
                            @Override
                            public StoreSession join(Participant participant, StoreEvents events) {
                                return super.join(Participant.named(participant.agent()), events);
                            }
                        },
                        "a_task_is_handed_to_whom_it_names",
                        "everybody_sees_who_takes_part_in_the_order_they_joined",
                        "a_task_goes_to_one_who_has_all_it_requires"),
                Broken.space(
                        "lists the last to join first",
                        () -> new Space() {
                            @Override
                            public synchronized List<SessionView> sessions() {
                                List<SessionView> views = new ArrayList<>(super.sessions());
                                Collections.reverse(views);
                                return views;
                            }
                        },
                        "everybody_sees_who_takes_part_in_the_order_they_joined"),
                Broken.space(
                        "tells watchers nothing",
                        () -> new Space() {
                            @Override
                            public Subscription watchSessions(Runnable hint) {
                                return () -> {};
                            }
                        },
                        "watchers_see_sessions_come_and_go"),
                Broken.space(
                        "is sure only of those who hold something",
                        () -> new Space() {
                            @Override
                            Duration safeFor(MemorySession session) {
                                return ticketsOf(session).isEmpty() ? Duration.ZERO : super.safeFor(session);
                            }
                        },
                        "a_lock_of_a_task_goes_with_the_task_and_is_neither_stolen_nor_asked_for_by_its_ticket",
                        "a_cancelled_task_has_no_locks_and_its_claimer_hears_of_it",
                        "a_task_is_handed_to_whom_it_names",
                        "what_was_handed_to_one_stays_his_when_he_dies",
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "a_grant_is_void_once_its_task_was_handed_off",
                        "a_grant_of_the_session_can_be_bound_to_the_task",
                        "a_grant_that_went_with_its_claim_is_closed_without_complaint",
                        "a_lock_of_a_task_can_be_released_alone",
                        "a_lock_under_a_claim_is_the_tasks_and_listed_with_its_claimer",
                        "a_task_and_its_claimer_are_one_in_a_deadlock",
                        "a_task_given_back_keeps_its_locks_and_the_token_grows_with_each_claim",
                        "a_task_that_waits_for_its_receiver_keeps_its_locks",
                        "grants_handed_along_are_the_receivers",
                        "locks_of_a_claimed_task_are_never_given_up",
                        "locks_parked_for_too_long_are_given_up_by_whom_they_block",
                        "nobody_gets_in_between_a_hand_off_and_the_next_claim",
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "the_end_of_a_task_releases_its_locks",
                        "the_locks_of_a_task_that_dies_with_its_last_claimer_are_free",
                        "whoever_claims_a_task_that_was_handed_off_has_its_locks",
                        "a_new_session_is_connected_and_safe",
                        "grants_that_overlap_are_bound_together",
                        "what_overlaps_with_a_lock_that_the_session_keeps_is_not_bound_alone",
                        "what_overlaps_with_what_the_session_waits_for_is_not_bound_until_it_waits_no_more"));
    }

    private static List<Broken> closings() {
        return List.of(
                Broken.space(
                        "keeps what a closed session had",
                        () -> new Space() {
                            @Override
                            void close(MemorySession session) {}
                        },
                        "closing_releases_everything_before_it_returns",
                        "watchers_see_sessions_come_and_go",
                        "what_is_ephemeral_goes_with_its_session"),
                Broken.sessions(
                        "does not close",
                        session -> new Forwarding.Joined(session) {
                            @Override
                            public void close() {}
                        },
                        "a_closed_session_answers_nothing",
                        "closing_ends_its_waits",
                        "closing_releases_everything_before_it_returns",
                        "watchers_see_sessions_come_and_go",
                        "what_is_ephemeral_goes_with_its_session"));
    }

    private static List<Broken> deaths() {
        return List.of(
                Broken.space(
                        "keeps what the dead held",
                        () -> new Space() {
                            @Override
                            List<Ticket> ticketsOf(MemorySession session) {
                                return List.of();
                            }
                        },
                        "closing_releases_everything_before_it_returns",
                        "the_dead_know_before_anybody_else_is_granted",
                        "the_locks_of_a_dead_session_guard_nothing",
                        "waiters_that_died_cost_those_behind_them_nothing",
                        "what_the_dead_held_goes_to_the_first_in_line",
                        "who_joins_again_under_the_same_name_inherits_nothing"),
                Broken.space(
                        "takes from others when a session ends",
                        () -> new Space() {
                            @Override
                            List<Ticket> ticketsOf(MemorySession session) {
                                return tickets();
                            }
                        },
                        "what_was_handed_to_one_stays_his_when_he_dies",
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "the_locks_of_a_task_that_dies_with_its_last_claimer_are_free",
                        "what_a_dead_claimer_only_waited_for_holds_up_nobody",
                        "closing_releases_everything_before_it_returns",
                        "the_dead_know_before_anybody_else_is_granted",
                        "the_living_keep_what_they_hold_when_another_dies",
                        "waiters_that_died_cost_those_behind_them_nothing",
                        "what_the_dead_held_goes_to_the_first_in_line"),
                Broken.space(
                        "lets the dead go on",
                        () -> new Space() {
                            @Override
                            void end(MemorySession session, SessionStatus how) {
                                super.end(session, how == SessionStatus.LOST ? SessionStatus.SUSPENDED : how);
                            }
                        },
                        "a_lost_session_is_lost_for_ever",
                        "death_ends_its_waits",
                        "listeners_hear_of_the_end_once"),
                Broken.space(
                        "tells the dead nothing",
                        () -> new Space() {
                            @Override
                            public void kill(SessionId id) {
                                end(session(id), SessionStatus.LOST);
                            }
                        },
                        "a_lost_session_is_lost_for_ever",
                        "a_task_of_a_claimer_that_died_goes_to_another",
                        "listeners_hear_of_the_end_once"),
                Broken.space(
                        "lets others in before the dead know",
                        () -> new LettingSpace() {
                            @Override
                            Duration safeFor(MemorySession session) {
                                return isLettingIn() ? MemorySession.forever() : super.safeFor(session);
                            }
                        },
                        "the_dead_know_before_anybody_else_is_granted"));
    }
}
