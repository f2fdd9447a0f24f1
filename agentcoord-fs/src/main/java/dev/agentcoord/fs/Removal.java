package dev.agentcoord.fs;

import dev.agentcoord.core.lock.Ticket;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How the tickets of one session go, granted or not, and who hears of it. Thread-safe. */
final class Removal {
    private final Space space;
    private final FsStoreSession session;
    private final OwnTickets own;

    Removal(Space space, FsStoreSession session, OwnTickets own) {
        this.space = space;
        this.session = session;
        this.own = own;
    }

    /** What a removal has led to: those it let in, and who comes after the one that it let in, where that is likely to be soon. */
    private record Removed(List<Ticket> admitted, @Nullable Ticket next) {}

    /**
     * A granted ticket of the session itself goes first, without entering, as that is what whoever is next looks for, and is announced
     * then. Until it is, others may take it for live: who decides and finds it in the way looks for its name.
     */
    boolean of(Ticket mine) {
        OwnTicket held = own.at(mine.position());
        boolean wasBrief = held != null && held.isGranted() && held.heldNanos() < Lingering.LONGEST_NANOS;
        boolean gone = held != null && held.isGranted() && held.leave() && held.letGo();
        Optional<Removed> removed = session.inSection(turn -> {
            Ticket live = own.liveOrLeaving(turn, mine);
            if (live == null) {
                // Where this removed the name, somebody found it gone and said so; else it is lost.
                return gone ? Optional.of(new Removed(space.book().admittedBy(mine), null)) : Optional.empty();
            }
            List<Ticket> admitted =
                    gone ? space.book().removed(turn, live) : space.book().remove(turn, live);
            return Optional.of(new Removed(admitted, wasBrief ? space.book().nextAfter(admitted) : null));
        });
        own.forget(mine);
        removed.ifPresent(this::tell);
        return removed.isPresent();
    }

    private void tell(Removed removed) {
        space.wake(removed.admitted);
        if (removed.next != null) {
            space.tellNext(removed.next);
        }
    }
}
