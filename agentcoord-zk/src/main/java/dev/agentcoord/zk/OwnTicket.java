package dev.agentcoord.zk;

import dev.agentcoord.core.lock.Ticket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A live ticket of this session, from when it is placed until it is removed or lost. Thread-safe. */
final class OwnTicket {
    private final Ticket ticket;
    private final String name;
    private final Runnable hint;
    private volatile boolean granted;
    private volatile boolean admitted;
    private volatile boolean waited;
    private volatile Line line = Line.UNKNOWN;

    OwnTicket(Ticket ticket, String name, Runnable hint) {
        this.ticket = ticket;
        this.name = name;
        this.hint = hint;
    }

    /**
     * What stood in a ticket's way when that was last looked at.
     *
     * @param blockers tickets, earliest first
     * @param names their names
     * @param last the path of the only one of them; null where there are others, or may be
     * @param link the connection to the servers over which it was seen, as they are counted
     */
    record Line(
            List<Ticket> blockers,
            List<String> names,
            @Nullable String last,
            int link) {
        private static final Line UNKNOWN = new Line(List.of(), List.of(), null, 0);
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
        line = Line.UNKNOWN;
    }

    /** Whether anything was ever in its way: then others may wait for it as well. */
    boolean hasWaited() {
        return waited;
    }

    /** What stood in its way when it was last looked at. */
    List<Ticket> blockers() {
        return line.blockers;
    }

    /** The name of the last but one of them, or of the only one. */
    String awaited() {
        List<String> names = line.names;
        return names.get(Math.max(0, names.size() - 2));
    }

    void standsBehind(Line found) {
        waited = true;
        line = found;
    }

    /** A znode was seen to be removed over a connection: that says it all if it was the last, and nothing was missed in between. */
    void gone(String path, int link) {
        Line now = line;
        if (path.equals(now.last) && link == now.link) {
            admitted = true;
        }
    }

    /** Whether what was the last in its way is gone. */
    boolean isAdmitted() {
        return admitted;
    }
}
