package dev.agentcoord.testkit.memory;

import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Recipient;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.testkit.memory.Broken.Space;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Wrong about the locks that go along with a task. */
final class BrokenHandOffs {
    private BrokenHandOffs() {}

    static List<Broken> all() {
        return Stream.concat(ofTickets().stream(), ofTheRest().stream()).toList();
    }

    private static List<Broken> ofTickets() {
        return List.of(
                tasks(
                        "frees the locks of a task between two claims",
                        (space, table) -> new TaskTickets(space, table) {
                            @Override
                            List<Ticket> takeWaiting(Owner task) {
                                List<Ticket> admitted = new ArrayList<>();
                                inherited(task, 0).forEach(ticket -> admitted.addAll(space.take(ticket)));
                                return admitted;
                            }
                        },
                        "a_task_is_handed_to_whom_it_names",
                        "what_was_handed_to_one_stays_his_when_he_dies",
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "a_grant_is_void_once_its_task_was_handed_off",
                        "a_lock_under_a_claim_is_the_tasks_and_listed_with_its_claimer",
                        "a_task_given_back_keeps_its_locks_and_the_token_grows_with_each_claim",
                        "a_task_that_waits_for_its_receiver_keeps_its_locks",
                        "grants_handed_along_are_the_receivers",
                        "locks_parked_for_too_long_are_given_up_by_whom_they_block",
                        "nobody_gets_in_between_a_hand_off_and_the_next_claim",
                        "the_end_of_a_task_releases_its_locks",
                        "whoever_claims_a_task_that_was_handed_off_has_its_locks",
                        "grants_that_overlap_are_bound_together",
                        "what_overlaps_with_a_lock_that_the_session_keeps_is_not_bound_alone"),
                tasks(
                        "keeps the locks of a task that has ended",
                        (space, table) -> new TaskTickets(space, table) {
                            @Override
                            List<Ticket> takeEnded() {
                                return List.of();
                            }
                        },
                        "a_lock_of_a_task_goes_with_the_task_and_is_neither_stolen_nor_asked_for_by_its_ticket",
                        "a_cancelled_task_has_no_locks_and_its_claimer_hears_of_it",
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "a_grant_of_the_session_can_be_bound_to_the_task",
                        "nobody_gets_in_between_a_hand_off_and_the_next_claim",
                        "the_end_of_a_task_releases_its_locks",
                        "the_locks_of_a_task_that_dies_with_its_last_claimer_are_free"),
                tasks(
                        "hands on locks with the token of the giver",
                        (space, table) -> new TaskTickets(space, table) {
                            @Override
                            List<Ticket> inherited(Owner task, int delivery) {
                                return super.inherited(task, 1);
                            }

                            @Override
                            boolean isOf(MemorySession session, Ticket ticket) {
                                return super.isOf(session, ticket)
                                        || claimerOf(space, ticket).equals(Optional.of(session.id()));
                            }
                        },
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "a_task_given_back_keeps_its_locks_and_the_token_grows_with_each_claim",
                        "whoever_claims_a_task_that_was_handed_off_has_its_locks"),
                tasks(
                        "lets the giver of a task go on",
                        (space, table) -> new TaskTickets(space, table) {
                            @Override
                            boolean isOf(MemorySession session, Ticket ticket) {
                                return super.isOf(session, ticket)
                                        || ticket.owner().kind() == Owner.Kind.TASK;
                            }
                        },
                        "a_cancelled_task_has_no_locks_and_its_claimer_hears_of_it",
                        "what_was_only_waited_for_does_not_come_along"),
                tasks(
                        "binds a grant with a position of its own",
                        (space, table) -> new TaskTickets(space, table) {
                            @Override
                            Ticket bound(Ticket own, Owner task, int delivery) {
                                Ticket bound = super.bound(own, task, delivery);
                                return new Ticket(
                                        space.nextPosition(), delivery, task, 0, bound.wants(), bound.since());
                            }
                        },
                        "a_grant_of_the_session_can_be_bound_to_the_task"),
                tasks(
                        "binds a grant and leaves it with the session",
                        (space, table) -> new TaskTickets(space, table) {
                            @Override
                            Ticket bound(Ticket own, Owner task, int delivery) {
                                return own;
                            }
                        },
                        "a_grant_of_the_session_can_be_bound_to_the_task",
                        "grants_handed_along_are_the_receivers",
                        "grants_that_overlap_are_bound_together",
                        "of_a_bind_and_a_request_that_overlap_in_one_moment_one_is_refused",
                        "what_conflicts_with_nothing_that_the_session_keeps_is_bound_alone",
                        "what_overlaps_with_a_lock_that_the_session_keeps_is_not_bound_alone"),
                tasks(
                        "lets what was only waited for go along",
                        (space, table) -> new TaskTickets(space, table) {
                            @Override
                            List<Ticket> takeWaiting(Owner task) {
                                return List.of();
                            }
                        },
                        "what_a_dead_claimer_only_waited_for_holds_up_nobody",
                        "what_was_only_waited_for_does_not_come_along"),
                tasks(
                        "gives up locks of tasks at once",
                        (space, table) -> new TaskTickets(space, table) {
                            @Override
                            boolean isOverdue(Owner owner) {
                                return owner.kind() == Owner.Kind.TASK;
                            }
                        },
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "a_task_and_its_claimer_are_one_in_a_deadlock",
                        "a_task_that_waits_for_its_receiver_keeps_its_locks",
                        "grants_handed_along_are_the_receivers",
                        "locks_of_a_claimed_task_are_never_given_up",
                        "nobody_gets_in_between_a_hand_off_and_the_next_claim",
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "of_a_bind_and_a_request_that_overlap_in_one_moment_one_is_refused"),
                tasks(
                        "never gives up the locks of a parked task",
                        (space, table) -> new TaskTickets(space, table) {
                            @Override
                            boolean isOverdue(Owner owner) {
                                return false;
                            }
                        },
                        "locks_parked_for_too_long_are_given_up_by_whom_they_block"));
    }

    private static Optional<SessionId> claimerOf(MemoryBackend space, Ticket ticket) {
        return ticket.owner().kind() == Owner.Kind.TASK ? space.claimerOf(ticket.owner()) : Optional.empty();
    }

    private static List<Broken> ofTheRest() {
        return List.of(
                Broken.space(
                        "takes the locks of a task from a claimer that dies",
                        () -> new Space() {
                            @Override
                            List<Ticket> ticketsOf(MemorySession session) {
                                return tickets().stream()
                                        .filter(ticket -> ticket.owner().equals(session.owner())
                                                || BrokenHandOffs.claimerOf(this, ticket)
                                                        .equals(Optional.of(session.id())))
                                        .toList();
                            }
                        },
                        "what_was_handed_to_one_stays_his_when_he_dies",
                        "a_claimer_that_dies_leaves_the_locks_with_the_task"),
                Broken.space(
                        "does not know who claims a task",
                        () -> new Space() {
                            @Override
                            public synchronized Optional<SessionId> claimerOf(Owner task) {
                                return Optional.empty();
                            }
                        },
                        "a_lock_under_a_claim_is_the_tasks_and_listed_with_its_claimer",
                        "a_task_and_its_claimer_are_one_in_a_deadlock",
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "what_a_dead_claimer_only_waited_for_holds_up_nobody",
                        "what_was_only_waited_for_does_not_come_along",
                        "of_a_bind_and_a_request_that_overlap_in_one_moment_one_is_refused"),
                Broken.space(
                        "releases no single lock of a task",
                        () -> new Space() {
                            @Override
                            boolean remove(MemorySession session, Ticket mine) {
                                return mine.owner().kind() == Owner.Kind.TASK || super.remove(session, mine);
                            }
                        },
                        "a_lock_of_a_task_can_be_released_alone",
                        "nobody_waits_for_what_its_own_task_or_session_holds"),
                Broken.space(
                        "counts a hand-off as an attempt",
                        () -> new Space() {
                            @Override
                            MemoryQueue newQueue(String queue, TimeSource clocks) {
                                return new MemoryQueue(queue, 1, clocks) {
                                    @Override
                                    void finish(MemorySession claimer, Delivery delivery, Ending ending) {
                                        super.finish(
                                                claimer,
                                                delivery,
                                                ending instanceof Ending.HandedOff
                                                        ? new Ending.Again(Duration.ZERO, ending.text(), true)
                                                        : ending);
                                    }
                                };
                            }
                        },
                        "a_task_given_back_keeps_its_locks_and_the_token_grows_with_each_claim",
                        "a_task_is_handed_to_whom_it_names",
                        "whom_a_task_is_for_can_be_seen_before_and_after_it_is_handed_on",
                        "what_was_handed_to_one_stays_his_when_he_dies",
                        "whoever_claims_a_task_that_was_handed_off_has_its_locks"),
                BrokenQueues.queue(
                        "shows whom a task was for at first",
                        () -> new BrokenQueues.Queue() {
                            @Override
                            synchronized Optional<TaskInfo> find(TaskId id) {
                                return super.find(id).map(task -> task.recipient(Recipient.agent("alice")));
                            }
                        },
                        "whom_a_task_is_for_can_be_seen_before_and_after_it_is_handed_on"),
                Broken.space(
                        "takes a claimer for the owner of its task's locks",
                        () -> new Space() {
                            @Override
                            MemorySession ownerOf(Ticket ticket) {
                                return ticket.owner().kind() == Owner.Kind.TASK
                                        ? session(claimerOf(ticket.owner()).orElseThrow())
                                        : super.ownerOf(ticket);
                            }
                        },
                        "a_lock_of_a_task_goes_with_the_task_and_is_neither_stolen_nor_asked_for_by_its_ticket"),
                Broken.locks(
                        "takes for the session what is asked for under a claim",
                        locks -> new Forwarding.Locking(locks) {
                            @Override
                            public Optional<Grant> tryAcquire(LockRequest request) {
                                return super.tryAcquire(request.withoutClaim());
                            }
                        },
                        "a_cancelled_task_has_no_locks_and_its_claimer_hears_of_it",
                        "a_claim_of_another_session_lends_nothing",
                        "a_claimer_that_dies_leaves_the_locks_with_the_task",
                        "a_grant_is_void_once_its_task_was_handed_off",
                        "a_grant_of_the_session_can_be_bound_to_the_task",
                        "a_lock_of_a_task_can_be_released_alone",
                        "a_lock_of_a_task_goes_with_the_task_and_is_neither_stolen_nor_asked_for_by_its_ticket",
                        "a_lock_under_a_claim_is_the_tasks_and_listed_with_its_claimer",
                        "a_task_and_its_claimer_are_one_in_a_deadlock",
                        "a_task_given_back_keeps_its_locks_and_the_token_grows_with_each_claim",
                        "a_task_is_handed_to_whom_it_names",
                        "a_task_that_waits_for_its_receiver_keeps_its_locks",
                        "locks_of_a_claimed_task_are_never_given_up",
                        "locks_parked_for_too_long_are_given_up_by_whom_they_block",
                        "nobody_gets_in_between_a_hand_off_and_the_next_claim",
                        "nobody_waits_for_what_its_own_task_or_session_holds",
                        "the_end_of_a_task_releases_its_locks",
                        "what_was_handed_to_one_stays_his_when_he_dies",
                        "whoever_claims_a_task_that_was_handed_off_has_its_locks"));
    }

    private static Broken tasks(
            String what, BiFunction<MemoryBackend, TicketTable, TaskTickets> tickets, String... caughtBy) {
        return Broken.space(
                what,
                () -> new Space() {
                    @Override
                    TaskTickets newTaskTickets(TicketTable live) {
                        return tickets.apply(this, live);
                    }
                },
                caughtBy);
    }
}
