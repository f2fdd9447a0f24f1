package dev.agentcoord.testkit.memory;

import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.QueueControl;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.QueueStatus;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.spi.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Wrong about which task may be claimed, and about what is done to queues. */
final class BrokenTaskRules {
    private static final String KEY_ORDER = "of_one_ordering_key_one_task_at_a_time_is_ready_in_the_order_enqueued";
    private static final String REDRIVEN =
            "a_redriven_dead_letter_goes_before_those_of_its_ordering_key_that_wait_for_it";
    private static final String KEY_NEXT = "the_next_of_an_ordering_key_comes_however_the_first_one_ends";
    private static final String KEY_KEPT = "a_task_between_two_attempts_keeps_its_ordering_key";
    private static final String DEPENDS = "a_task_waits_until_all_it_depends_on_is_done";
    private static final String DEAD_DEPENDS = "a_dead_letter_is_waited_for_until_it_is_redriven_and_done";
    private static final String CASCADE = "cancelling_a_task_cancels_all_that_depends_on_it";
    private static final String UNKNOWN_DEPENDS = "nothing_depends_on_what_is_unknown_or_cancelled";
    private static final String BATCH = "a_batch_is_added_in_its_order_or_not_at_all";
    private static final String DEDUP = "a_dedup_key_finds_the_task_that_has_not_ended_and_makes_another_after_that";
    private static final String CAUSES = "a_dead_letter_keeps_the_cause_of_each_attempt";
    private static final String FIVE = "a_task_that_kills_five_claimers_is_a_dead_letter_with_five_causes";
    private static final String PAUSE = "a_paused_queue_gives_nothing_and_lets_what_is_claimed_go_on";
    private static final String OLDEST = "the_age_of_the_oldest_ready_task_is_told";

    private BrokenTaskRules() {}

    static List<Broken> all() {
        List<Broken> all = new ArrayList<>(keys());
        all.addAll(routes());
        all.addAll(dependencies());
        all.addAll(enqueueing());
        all.addAll(controls());
        all.addAll(observing());
        return all;
    }

    private static List<Broken> keys() {
        return List.of(
                BrokenQueues.queue(
                        "lets several of one ordering key in",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            boolean keyIsTaken(MemoryTask task) {
                                return false;
                            }
                        },
                        REDRIVEN,
                        KEY_ORDER,
                        KEY_KEPT),
                BrokenQueues.queue(
                        "lets nobody follow on an ordering key",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            void promote(MemoryTask ended) {}
                        },
                        REDRIVEN,
                        KEY_ORDER,
                        KEY_NEXT),
                BrokenQueues.queue(
                        "lets the next of an ordering key overtake one that failed",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            boolean keyIsTaken(MemoryTask task) {
                                return super.keyIsTaken(task)
                                        && pending().noneMatch(other -> other.state == TaskState.SCHEDULED);
                            }
                        },
                        KEY_KEPT));
    }

    private static List<Broken> routes() {
        return List.of(
                BrokenQueues.queue(
                        "gives tasks to whoever comes",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            boolean admits(Route route, Participant claimer) {
                                return true;
                            }
                        },
                        "a_task_is_handed_to_whom_it_names",
                        "what_was_handed_to_one_stays_his_when_he_dies",
                        "a_task_for_an_agent_goes_to_that_agent_alone",
                        "a_task_goes_to_one_who_has_all_it_requires",
                        "what_is_for_others_is_in_nobodys_way_and_order_holds_over_all_that_is_his",
                        "a_task_wakes_only_who_may_claim_it"),
                BrokenQueues.queue(
                        "wakes all for each task",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            synchronized List<Runnable> awaited(Route route) {
                                return hints();
                            }
                        },
                        "one_new_task_wakes_one_of_those_who_wait",
                        "a_task_wakes_only_who_may_claim_it"),
                BrokenQueues.queue(
                        "wakes the same one for each task",
                        () -> new BrokenQueues.Queue() {
                            private final Map<Route, List<Runnable>> chosen = new HashMap<>();

                            @Override
                            synchronized List<Runnable> awaited(Route route) {
                                return chosen.computeIfAbsent(route, super::awaited);
                            }
                        },
                        "two_new_tasks_wake_two_of_those_who_wait"));
    }

    private static List<Broken> dependencies() {
        return List.of(
                BrokenQueues.queue(
                        "waits for no dependency",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            int openDependencies(MemoryTask task) {
                                return 0;
                            }
                        },
                        REDRIVEN,
                        DEPENDS,
                        DEAD_DEPENDS,
                        BATCH),
                BrokenQueues.queue(
                        "takes a dead dependency for done",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            void settleDependents(MemoryTask ended) {
                                TaskState real = ended.state;
                                ended.state = real == TaskState.DEAD ? TaskState.DONE : real;
                                super.settleDependents(ended);
                                ended.state = real;
                            }
                        },
                        REDRIVEN,
                        DEAD_DEPENDS),
                BrokenQueues.queue(
                        "forgets those who wait for a task",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            void settleDependents(MemoryTask ended) {}
                        },
                        DEPENDS,
                        DEAD_DEPENDS,
                        CASCADE),
                BrokenQueues.queue(
                        "takes any dependency",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            void requireUsable(TaskId dependency) {}

                            @Override
                            int openDependencies(MemoryTask task) {
                                return (int) task.what.dependsOn().stream()
                                        .filter(id -> find(id).map(TaskInfo::state)
                                                .filter(TaskState.DONE::equals)
                                                .isEmpty())
                                        .count();
                            }
                        },
                        UNKNOWN_DEPENDS,
                        BATCH));
    }

    private static List<Broken> enqueueing() {
        return List.of(
                BrokenQueues.queue(
                        "forgets the ids of what has ended",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            Optional<MemoryTask> same(TaskId id, NewTask what) {
                                return super.same(id, what).filter(MemoryTask::isPending);
                            }
                        },
                        "an_ended_task_is_not_made_again_under_its_id"),
                BrokenQueues.queue(
                        "knows no dedup keys",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            Optional<MemoryTask> same(TaskId id, NewTask what) {
                                return super.same(id, what).filter(task -> task.id.equals(id));
                            }
                        },
                        DEDUP),
                BrokenQueues.queue(
                        "adds of a batch what comes before a mistake",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            List<TaskInfo> enqueue(MemorySession by, List<NewTask> batch) {
                                return batch.stream()
                                        .map(task ->
                                                super.enqueue(by, List.of(task)).get(0))
                                        .toList();
                            }
                        },
                        BATCH,
                        "a_full_queue_takes_no_more_until_something_ends"),
                BrokenQueues.queue(
                        "has no bounds",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            void checkBounds(SessionId by) {}
                        },
                        "a_full_queue_takes_no_more_until_something_ends",
                        "one_session_cannot_fill_a_queue_for_the_others",
                        "a_drained_queue_takes_nothing_and_gives_what_it_has"));
    }

    private static List<Broken> controls() {
        return List.of(
                BrokenQueues.queue(
                        "knows no pause",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            boolean isPaused() {
                                return false;
                            }
                        },
                        PAUSE),
                BrokenQueues.queue(
                        "cancels nothing",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            boolean cancel(TaskId id, String reason) {
                                return find(id).isPresent();
                            }
                        },
                        "a_cancelled_task_has_no_locks_and_its_claimer_hears_of_it",
                        "a_cancelled_task_is_delivered_to_nobody",
                        "cancelling_a_claimed_task_makes_its_claim_stale",
                        "a_done_task_is_not_cancelled",
                        "the_next_of_an_ordering_key_comes_however_the_first_one_ends",
                        CASCADE,
                        UNKNOWN_DEPENDS,
                        OLDEST),
                BrokenQueues.queue(
                        "puts what is redriven behind those that wait for it",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            void makeWay(MemoryTask redriven) {}
                        },
                        REDRIVEN),
                BrokenQueues.queue(
                        "takes what a stale claim says",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            boolean isCurrent(MemoryTask task, MemorySession claimer, Delivery delivery) {
                                return true;
                            }
                        },
                        "cancelling_a_claimed_task_makes_its_claim_stale",
                        "the_complete_of_a_session_that_lost_its_claim_has_no_effect"),
                BrokenQueues.queue(
                        "redrives nothing",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            boolean redrive(TaskId id) {
                                return find(id).map(TaskInfo::state)
                                        .filter(TaskState.DEAD::equals)
                                        .isPresent();
                            }
                        },
                        REDRIVEN,
                        "a_redriven_dead_letter_has_all_its_attempts_again",
                        DEAD_DEPENDS),
                Broken.sessions(
                        "does not tell an unknown task from one that is done",
                        session -> new Forwarding.Joined(session) {
                            @Override
                            public TaskQueue queue(String name) {
                                TaskQueue queue = super.queue(name);
                                return new Forwarding.Queueing(queue) {
                                    @Override
                                    public QueueControl control() {
                                        return new Careless(queue);
                                    }
                                };
                            }
                        },
                        "what_is_not_there_is_neither_cancelled_nor_redriven"));
    }

    private static List<Broken> observing() {
        return List.of(
                BrokenQueues.queue(
                        "keeps no history",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            void record(MemoryTask task, TaskAttempt.Outcome outcome, String text) {}
                        },
                        CAUSES,
                        FIVE),
                BrokenQueues.queue(
                        "begins each page anew",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            synchronized TaskPage list(TaskState state, String cursor, int limit) {
                                return super.list(state, "", limit);
                            }
                        },
                        "a_cursor_that_no_page_ended_with_is_refused",
                        "a_listing_comes_in_pages_without_gaps_or_repetitions"),
                BrokenQueues.queue(
                        "does not know how old its tasks are",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            synchronized QueueStatus status() {
                                QueueStatus status = super.status();
                                return new QueueStatus(status.depth(), null, status.settings());
                            }
                        },
                        OLDEST),
                BrokenQueues.queue(
                        "puts what was given back at the end",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            Comparator<MemoryTask> order() {
                                return Comparator.comparingInt((MemoryTask task) -> task.deliveries)
                                        .thenComparing(MemoryTask.ORDER);
                            }
                        },
                        "a_task_given_back_keeps_its_place_in_line"),
                BrokenQueues.queue(
                        "tries a failed task again at once",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            void finish(MemorySession claimer, Delivery delivery, Ending ending) {
                                super.finish(
                                        claimer,
                                        delivery,
                                        ending instanceof Ending.Again again
                                                ? new Ending.Again(Duration.ZERO, again.cause(), again.counts())
                                                : ending);
                            }
                        },
                        "a_failed_task_waits_about_ten_seconds_for_its_next_attempt",
                        KEY_KEPT));
    }

    /** Answers false for what it does not know. */
    private record Careless(TaskQueue queue) implements QueueControl {
        @Override
        public boolean cancel(TaskId id, String reason) {
            return queue.find(id).isPresent() && queue.control().cancel(id, reason);
        }

        @Override
        public boolean redrive(TaskId id) {
            return queue.find(id).isPresent() && queue.control().redrive(id);
        }

        @Override
        public QueueSettings settings() {
            return queue.control().settings();
        }

        @Override
        public void configure(QueueSettings settings) {
            queue.control().configure(settings);
        }
    }
}
