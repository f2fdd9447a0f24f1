package dev.agentcoord.fs;

import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketName;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A ticket of a session of this process, or of a task that it claims, and whom to tell about it. Thread-safe. */
final class OwnTicket {
    private final Runnable hint;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile Place place;
    private volatile boolean moving;
    private volatile boolean granted;
    private volatile boolean admitted;
    private volatile List<Ticket> blockers = List.of();

    OwnTicket(Place place, Runnable hint) {
        this.place = place;
        this.hint = hint;
    }

    /**
     * Where a ticket is: while both names are there, it is the session's.
     *
     * @param ticket as the session has it
     * @param name below {@code locks}
     * @param path the same name on the disk
     * @param claim the file that says that the session claims the task; null for a ticket of the session itself
     */
    record Place(
            Ticket ticket, String name, Path path, @Nullable Path claim) {}

    Place place() {
        return place;
    }

    Ticket ticket() {
        return place.ticket();
    }

    long position() {
        return place.ticket().position();
    }

    /** From now until {@link #moved} the ticket may be at either place, and is held all the time. */
    void move() {
        moving = true;
    }

    void moved(Place to) {
        place = to;
        moving = false;
    }

    /** Whether a place at which it was not found is no longer its only one. */
    boolean hasLeft(Place former) {
        return moving || !place.equals(former);
    }

    /** Whether it is the session's as long as its name is there, which is one more of the session's record. */
    boolean isLinkToRecord() {
        return place.claim() == null && !TicketName.needsBody(place.name());
    }

    Runnable hint() {
        return hint;
    }

    boolean isGranted() {
        return granted;
    }

    void markGranted() {
        granted = true;
    }

    /** What stood in its way when that was last decided, earliest first. */
    List<Ticket> blockers() {
        return blockers;
    }

    void blockedBy(List<Ticket> by) {
        blockers = by;
    }

    /** Somebody to be trusted, who decided in the section, says that nothing stands in its way any more. */
    void markAdmitted() {
        admitted = true;
    }

    /** Whether that was said and not acted upon yet; while the ticket is there it then is granted. */
    boolean isAdmitted() {
        return admitted && !granted;
    }

    /** True for the first who asks: its loss is told once. */
    boolean isFirstToTell() {
        return told.compareAndSet(false, true);
    }
}
