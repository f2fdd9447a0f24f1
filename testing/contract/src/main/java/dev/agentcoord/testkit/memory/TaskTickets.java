package dev.agentcoord.testkit.memory;

import dev.agentcoord.Claim;
import dev.agentcoord.Intervention;
import dev.agentcoord.LockInfo;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.core.record.InterventionCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What becomes of the tickets of tasks when those go from hand to hand. Called while the space is locked. */
class TaskTickets {
    private final MemoryBackend backend;
    private final TicketTable table;

    TaskTickets(MemoryBackend backend, TicketTable table) {
        this.backend = backend;
        this.table = table;
    }

    /** The live ticket that is this one of a session's, or of a task that it claims as it did then; else null. */
    final @Nullable Ticket live(MemorySession session, Ticket mine) {
        Ticket live = table.get(mine.position());
        return live != null && live.owner().equals(mine.owner()) && isOf(session, mine) ? live : null;
    }

    /** Whether a session may still speak for a ticket: its own, or one of a task whose delivery it has. */
    boolean isOf(MemorySession session, Ticket ticket) {
        return ticket.owner().equals(session.owner())
                || (ticket.owner().kind() == Owner.Kind.TASK
                        && TaskOwner.of(backend, ticket.owner()).isDeliveredTo(session, ticket.generation()));
    }

    /** A ticket as whoever claims its task has it; null while nobody does. */
    @Nullable Ticket asHeld(Ticket ticket) {
        if (ticket.owner().kind() == Owner.Kind.SESSION) {
            return ticket;
        }
        OptionalInt delivery = TaskOwner.of(backend, ticket.owner()).delivery();
        return delivery.isPresent() ? ticket.of(ticket.owner(), delivery.getAsInt()) : null;
    }

    /** The tickets of tasks that are claimed, and by whom. */
    final Map<Ticket, MemorySession> claimers() {
        Map<Ticket, MemorySession> claimers = new HashMap<>();
        for (Ticket ticket : table.all()) {
            MemorySession claimer = isTask(ticket.owner())
                    ? TaskOwner.of(backend, ticket.owner()).claimer()
                    : null;
            if (claimer != null) {
                claimers.put(ticket, claimer);
            }
        }
        return claimers;
    }

    /** The delivery of a claim that is a session's; throws for any other. */
    int claimed(MemorySession session, Claim claim) {
        int delivery = claim.token().generation();
        Owner task = Owner.task(claim.queue(), claim.task().id());
        if (!TaskOwner.of(backend, task).isDeliveredTo(session, delivery)) {
            throw new StaleClaimException(claim.task(), "task " + claim.task().id() + " is not this claim's any more");
        }
        return delivery;
    }

    /** What a session's ticket becomes when it is bound. */
    Ticket bound(Ticket own, Owner task, int delivery) {
        return own.of(task, delivery);
    }

    /** The tickets that whoever claims a task now has, none of which waits. */
    List<Ticket> inherited(Owner task, int delivery) {
        return of(task).stream().map(ticket -> ticket.of(task, delivery)).toList();
    }

    /** Removes what a task only waits for; returns those let in. */
    List<Ticket> takeWaiting(Owner task) {
        List<Ticket> admitted = new ArrayList<>();
        for (Ticket ticket : of(task)) {
            if (!backend.isGranted(ticket)) {
                admitted.addAll(backend.take(ticket));
            }
        }
        return admitted;
    }

    /** The same for every task that nobody claims. */
    final List<Ticket> takeUnclaimedWaiting() {
        List<Ticket> admitted = new ArrayList<>();
        table.all().stream()
                .map(Ticket::owner)
                .filter(owner -> isTask(owner) && TaskOwner.of(backend, owner).claimer() == null)
                .distinct()
                .forEach(task -> admitted.addAll(takeWaiting(task)));
        return admitted;
    }

    /** Removes the tickets of tasks that have ended; returns those let in. */
    List<Ticket> takeEnded() {
        List<Ticket> admitted = new ArrayList<>();
        for (Ticket ticket : table.all()) {
            if (isTask(ticket.owner()) && TaskOwner.of(backend, ticket.owner()).isOver()) {
                admitted.addAll(backend.take(ticket));
            }
        }
        return admitted;
    }

    /** Removes what parked tasks have had in the way of others for too long, on record; whether that was anything. */
    boolean giveUp(MemorySession blocked, List<Ticket> blockers) {
        List<Ticket> overdue =
                blockers.stream().filter(ticket -> isOverdue(ticket.owner())).toList();
        for (Ticket ticket : overdue) {
            backend.recordTheft(InterventionCodec.of(
                    Intervention.Kind.GIVEN_UP,
                    ticket,
                    LockInfo.PARKED.agent(),
                    blocked.info(),
                    "task " + ticket.owner().id() + " was parked for too long",
                    Instant.now()));
            backend.take(ticket);
        }
        return !overdue.isEmpty();
    }

    /** Whether the locks of a task are to be given up. */
    boolean isOverdue(Owner owner) {
        return isTask(owner) && TaskOwner.of(backend, owner).isParkedTooLong();
    }

    private static boolean isTask(Owner owner) {
        return owner.kind() == Owner.Kind.TASK;
    }

    private List<Ticket> of(Owner task) {
        return table.all().stream()
                .filter(ticket -> ticket.owner().equals(task))
                .toList();
    }
}
