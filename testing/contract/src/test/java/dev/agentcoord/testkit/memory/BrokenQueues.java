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
                        "a_failed_task_comes_back_until_its_attempts_are_used_up",
                        "a_task_given_back_has_used_no_attempt",
                        "a_task_is_claimed_once_and_completed_once",
                        "a_task_of_a_claimer_that_died_goes_to_another",
                        "tasks_come_by_priority_then_in_the_order_enqueued"),
                queue(
                        "hands out the last task first",
                        () -> new Queue() {
                            @Override
                            Comparator<MemoryTask> order() {
                                return MemoryTask.ORDER.reversed();
                            }
                        },
                        "tasks_come_by_priority_then_in_the_order_enqueued"),
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
                        "enqueueing_an_id_again_makes_no_second_task"),
                queue(
                        "leaves tasks with the dead",
                        () -> new Queue() {
                            @Override
                            void giveBack(MemorySession ended) {}
                        },
                        "a_task_of_a_claimer_that_died_goes_to_another",
                        "a_task_whose_claimers_all_die_is_a_dead_letter"),
                queue(
                        "retries what kills its claimers for ever",
                        () -> new Queue() {
                            @Override
                            Ending afterDeath(MemoryTask task) {
                                return new Ending.Again(Duration.ZERO, "", true);
                            }
                        },
                        "a_task_whose_claimers_all_die_is_a_dead_letter"),
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
                        "a_failed_task_comes_back_until_its_attempts_are_used_up"),
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
                        "a_task_given_back_has_used_no_attempt"),
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
                        "a_new_task_wakes_those_who_wait"),
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

    private static Broken queue(String what, Supplier<MemoryQueue> queue, String... caughtBy) {
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
    private static class Queue extends MemoryQueue {
        Queue() {
            super("work", 1, TimeSource.system());
        }
    }
}
