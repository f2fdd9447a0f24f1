package dev.agentcoord.zk;

import dev.agentcoord.core.lock.Ticket;
import java.util.List;

/** A live ticket of this session, from when it is placed until it is removed or lost. Thread-safe. */
final class OwnTicket {
    private final Ticket ticket;
    private final String name;
    private final Runnable hint;
    private volatile boolean granted;
    private volatile List<Ticket> blockers = List.of();
    private volatile String latestBlocker = "";

    OwnTicket(Ticket ticket, String name, Runnable hint) {
        this.ticket = ticket;
        this.name = name;
        this.hint = hint;
    }

    Ticket ticket() {
        return ticket;
    }

    String name() {
        return name;
    }

    /** Whether it is that one: a ticket of a task is another with each delivery. */
    boolean is(Ticket other) {
        return ticket.owner().equals(other.owner()) && ticket.generation() == other.generation();
    }

    /** To be called whenever the verdict may have changed. */
    Runnable hint() {
        return hint;
    }

    boolean isGranted() {
        return granted;
    }

    /** Once nothing earlier is in its way nothing ever is. */
    void markGranted() {
        granted = true;
        blockers = List.of();
    }

    /** What stood in its way when it was last looked at. */
    List<Ticket> blockers() {
        return blockers;
    }

    /** The name of the latest of them. */
    String latestBlocker() {
        return latestBlocker;
    }

    void blockedBy(List<Ticket> by, String latest) {
        blockers = by;
        latestBlocker = latest;
    }
}
