package dev.agentcoord.testkit.memory;

import dev.agentcoord.Claim;
import dev.agentcoord.NewTask;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.testkit.memory.Broken.Space;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Wrong about how tasks are handed on. */
final class BrokenQueues {
    private BrokenQueues() {}

    static List<Broken> all() {
        return List.of(
                queue(
                        "hands out a claimed task again",
                        () -> new Queue() {
                            @Override
                            synchronized Optional<Delivery> claim(MemorySession claimer) {
                                Optional<Delivery> delivery = super.claim(claimer);
                                giveBack(claimer);
                                return delivery;
                            }
                        },
                        "a_redriven_dead_letter_goes_before_those_of_its_ordering_key_that_wait_for_it",
                        "a_lock_of_a_task_goes_with_the_task_and_is_neither_stolen_nor_asked_for_by_its_ticket",
                        "whom_a_task_is_for_can_be_seen_before_and_after_it_is_handed_on",
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
                        "what_a_dead_claimer_only_waited_for_holds_up_nobody",
                        "what_was_only_waited_for_does_not_come_along",
                        "whoever_claims_a_task_that_was_handed_off_has_its_locks",
                        "a_failed_task_comes_back_until_its_attempts_are_used_up",
                        "a_task_given_back_has_used_no_attempt",
                        "a_task_is_claimed_once_and_completed_once",
                        "a_task_of_a_claimer_that_died_goes_to_another",
                        "tasks_come_by_priority_then_in_the_order_enqueued",
                        "a_dead_letter_is_waited_for_until_it_is_redriven_and_done",
                        "a_dead_letter_keeps_the_cause_of_each_attempt",
                        "a_dedup_key_finds_the_task_that_has_not_ended_and_makes_another_after_that",
                        "a_done_task_is_not_cancelled",
                        "a_drained_queue_takes_nothing_and_gives_what_it_has",
                        "a_failed_task_waits_about_ten_seconds_for_its_next_attempt",
                        "a_full_queue_takes_no_more_until_something_ends",
                        "a_paused_queue_gives_nothing_and_lets_what_is_claimed_go_on",
                        "a_redriven_dead_letter_has_all_its_attempts_again",
                        "a_task_between_two_attempts_keeps_its_ordering_key",
                        "a_task_given_back_keeps_its_place_in_line",
                        "a_task_waits_until_all_it_depends_on_is_done",
                        "an_ended_task_is_not_made_again_under_its_id",
                        "of_one_ordering_key_one_task_at_a_time_is_ready_in_the_order_enqueued",
                        "one_session_cannot_fill_a_queue_for_the_others",
                        "the_complete_of_a_session_that_lost_its_claim_has_no_effect",
                        "the_next_of_an_ordering_key_comes_however_the_first_one_ends",
                        "what_is_for_others_is_in_nobodys_way_and_order_holds_over_all_that_is_his",
                        "grants_that_overlap_are_bound_together",
                        "of_a_bind_and_a_request_that_overlap_in_one_moment_one_is_refused",
                        "what_conflicts_with_nothing_that_the_session_keeps_is_bound_alone",
                        "what_overlaps_with_a_lock_that_the_session_keeps_is_not_bound_alone",
                        "what_overlaps_with_what_the_session_waits_for_is_not_bound_until_it_waits_no_more"),
                queue(
                        "hands out the last task first",
                        () -> new Queue() {
                            @Override
                            Comparator<MemoryTask> order() {
                                return MemoryTask.ORDER.reversed();
                            }
                        },
                        "tasks_come_by_priority_then_in_the_order_enqueued",
                        "a_batch_is_added_in_its_order_or_not_at_all",
                        "a_listing_comes_in_pages_without_gaps_or_repetitions",
                        "a_task_given_back_keeps_its_place_in_line",
                        "of_one_ordering_key_one_task_at_a_time_is_ready_in_the_order_enqueued",
                        "one_session_cannot_fill_a_queue_for_the_others",
                        "what_is_for_others_is_in_nobodys_way_and_order_holds_over_all_that_is_his"),
                queue(
                        "makes a second task of one id",
                        () -> new Queue() {
                            @Override
                            List<TaskInfo> enqueue(MemorySession by, List<NewTask> batch) {
                                return super.enqueue(
                                        by,
                                        batch.stream()
                                                .map(what -> what.id()
                                                                .flatMap(this::find)
                                                                .isPresent()
                                                        ? NewTask.of(what.payload())
                                                        : what)
                                                .toList());
                            }
                        },
                        "enqueueing_an_id_again_makes_no_second_task",
                        "an_ended_task_is_not_made_again_under_its_id"),
                queue(
                        "leaves tasks with the dead",
                        () -> new Queue() {
                            @Override
                            void giveBack(MemorySession ended) {}
                        },
                        "what_was_handed_to_one_stays_his_when_he_dies",
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "the_locks_of_a_task_that_dies_with_its_last_claimer_are_free",
                        "what_a_dead_claimer_only_waited_for_holds_up_nobody",
                        "a_task_of_a_claimer_that_died_goes_to_another",
                        "a_task_whose_claimers_all_die_is_a_dead_letter",
                        "a_task_that_kills_five_claimers_is_a_dead_letter_with_five_causes"),
                queue(
                        "retries what kills its claimers for ever",
                        () -> new Queue() {
                            @Override
                            Ending afterDeath(MemoryTask task) {
                                return new Ending.Again(Duration.ZERO, "", true);
                            }
                        },
                        "the_locks_of_a_task_that_dies_with_its_last_claimer_are_free",
                        "a_task_whose_claimers_all_die_is_a_dead_letter",
                        "a_task_that_kills_five_claimers_is_a_dead_letter_with_five_causes"),
                queue(
                        "buries nothing",
                        () -> new Queue() {
                            @Override
                            void finish(MemorySession claimer, Delivery delivery, Ending ending) {
                                super.finish(
                                        claimer,
                                        delivery,
                                        ending instanceof Ending.Dead dead
                                                ? new Ending.Again(Duration.ZERO, dead.cause(), true)
                                                : ending);
                            }
                        },
                        "a_redriven_dead_letter_goes_before_those_of_its_ordering_key_that_wait_for_it",
                        "the_end_of_a_task_releases_its_locks",
                        "a_failed_task_comes_back_until_its_attempts_are_used_up",
                        "a_redriven_dead_letter_has_all_its_attempts_again",
                        "the_next_of_an_ordering_key_comes_however_the_first_one_ends"),
                queue(
                        "counts what was given back as an attempt",
                        () -> new Queue() {
                            @Override
                            void finish(MemorySession claimer, Delivery delivery, Ending ending) {
                                super.finish(
                                        claimer,
                                        delivery,
                                        ending instanceof Ending.Again again
                                                ? new Ending.Again(again.delay(), again.cause(), true)
                                                : ending);
                            }
                        },
                        "a_task_given_back_keeps_its_locks_and_the_token_grows_with_each_claim",
                        "a_task_given_back_has_used_no_attempt",
                        "a_dead_letter_keeps_the_cause_of_each_attempt"),
                queue(
                        "delays nothing",
                        () -> new Queue() {
                            @Override
                            List<TaskInfo> enqueue(MemorySession by, List<NewTask> batch) {
                                return super.enqueue(
                                        by,
                                        batch.stream()
                                                .map(what -> what.delay(Duration.ZERO))
                                                .toList());
                            }
                        },
                        "a_delayed_task_is_not_claimable_yet"),
                queue(
                        "wakes nobody for a new task",
                        () -> new Queue() {
                            @Override
                            void wake() {}
                        },
                        "a_new_task_wakes_those_who_wait",
                        "a_task_wakes_only_who_may_claim_it",
                        "one_new_task_wakes_one_of_those_who_wait",
                        "two_new_tasks_wake_two_of_those_who_wait"),
                Broken.sessions(
                        "waits longer for a task than it may",
                        session -> new Forwarding.Joined(session) {
                            @Override
                            public TaskQueue queue(String name) {
                                return new Forwarding.Queueing(super.queue(name)) {
                                    @Override
                                    public Claim claim(Wait wait) throws InterruptedException {
                                        return super.claim(Wait.forever());
                                    }
                                };
                            }
                        },
                        "a_claim_waits_no_longer_than_it_may"),
                Broken.sessions(
                        "does not wait for a task",
                        session -> new Forwarding.Joined(session) {
                            @Override
                            public TaskQueue queue(String name) {
                                return new Forwarding.Queueing(super.queue(name)) {
                                    @Override
                                    public Claim claim(Wait wait) throws InterruptedException {
                                        return super.claim(Wait.none());
                                    }
                                };
                            }
                        },
                        "a_waiting_claim_gets_the_next_task"));
    }

    static Broken queue(String what, Supplier<MemoryQueue> queue, String... caughtBy) {
        return Broken.space(
                what,
                () -> new Space() {
                    @Override
                    MemoryQueue newQueue(String name, TimeSource clocks) {
                        return queue.get();
                    }
                },
                caughtBy);
    }

    /** A queue to override one method of. */
    static class Queue extends MemoryQueue {
        Queue() {
            super("work", 1, TimeSource.system());
        }
    }
}
