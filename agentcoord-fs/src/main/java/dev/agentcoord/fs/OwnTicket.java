package dev.agentcoord.fs;

import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketName;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A ticket of a session of this process, and whom to tell about it. Thread-safe. */
final class OwnTicket {
    private final Ticket ticket;
    private final String name;
    private final Path path;
    private final Runnable hint;
    private final boolean linkToRecord;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile boolean granted;
    private volatile boolean admitted;
    private volatile List<Ticket> blockers = List.of();

    OwnTicket(Ticket ticket, String name, Path path, Runnable hint) {
        this.ticket = ticket;
        this.name = name;
        this.path = path;
        this.hint = hint;
        this.linkToRecord = !TicketName.needsBody(name);
    }

    Ticket ticket() {
        return ticket;
    }

    long position() {
        return ticket.position();
    }

    /** Below {@code locks}. */
    String name() {
        return name;
    }

    /** Its name on the disk; while that is there, the ticket is. */
    Path path() {
        return path;
    }

    /** Whether its name is one more of its session's record. */
    boolean isLinkToRecord() {
        return linkToRecord;
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
