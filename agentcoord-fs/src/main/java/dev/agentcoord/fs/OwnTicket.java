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
    private volatile boolean leaving;
    private volatile boolean gone;
    private volatile boolean granted;
    private volatile boolean admitted;
    private volatile boolean next;
    private volatile long since;
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

    /** From now until {@link #moved} the ticket may be at either place, and is held all the time; false for one that is let go. */
    synchronized boolean move() {
        moving = !leaving;
        return moving;
    }

    synchronized void moved(Place to) {
        place = to;
        moving = false;
    }

    /** Whether a place at which it was not found is no longer its only one. */
    boolean hasLeft(Place former) {
        return moving || !place.equals(former);
    }

    /** From now on the session asserts it no more; false where it becomes or is a task's, which only the section changes. */
    synchronized boolean leave() {
        leaving |= !moving && place.claim() == null;
        return leaving;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Removes the name of one that is let go; false where that has to be tried, or understood, inside the section. */
    boolean letGo() {
        gone = gone || place.path().toFile().delete();
        return gone;
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
        if (!granted) {
            since = System.nanoTime();
            granted = true;
        }
    }

    /** How long ago it was granted, in nanoseconds. */
    long heldNanos() {
        return System.nanoTime() - since;
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

    /** Somebody let the one before it in and thinks that its turn comes soon. */
    void markNext() {
        next = true;
    }

    /** Whether that was said since it was asked last. */
    boolean takeNext() {
        boolean said = next && !granted;
        next = false;
        return said;
    }

    /** True for the first who asks: its loss is told once. */
    boolean isFirstToTell() {
        return told.compareAndSet(false, true);
    }
}
