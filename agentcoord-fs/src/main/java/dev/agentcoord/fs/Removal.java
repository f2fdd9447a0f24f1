package dev.agentcoord.fs;

import dev.agentcoord.core.lock.Ticket;
import java.lang.invoke.VarHandle;
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
     * then, or where nobody waits for it with the next ticket. Until it is, others may take it for live: who decides and finds it in the
     * way looks for its name.
     */
    boolean of(Ticket mine) {
        OwnTicket held = own.at(mine.position());
        if (held == null || !held.isGranted()) {
            return announce(mine, false, false);
        }
        boolean wasBrief = held.heldNanos() < Lingering.LONGEST_NANOS;
        boolean gone = held.leave() && held.letGo();
        return (gone && letGoUnannounced(held.place())) || announce(mine, gone, wasBrief);
    }

    /**
     * Whoever waits for it announced that before he looked for its name: either that is read here, or he sees that the name is gone. So
     * the name goes before the changes are read, also where a processor does not keep to the order by itself.
     */
    private boolean letGoUnannounced(OwnTicket.Place left) {
        VarHandle.fullFence();
        boolean nobodyWaits = space.isSound()
                && space.section().runAside(turn -> space.book().letGoUnannounced(turn, left.ticket(), left.name()));
        if (nobodyWaits) {
            own.forget(left.ticket());
        }
        return nobodyWaits;
    }

    /** Inside, and removes it first where that is not done yet; false where it was lost. */
    private boolean announce(Ticket mine, boolean gone, boolean wasBrief) {
        Optional<Removed> removed = session.inSection(turn -> {
            Ticket live = own.liveOrLeaving(turn, mine);
            if (live == null) {
                // Where this removed the name, somebody found it gone and said so; else it is lost.
                return gone ? Optional.of(new Removed(space.book().admittedBy(turn, mine), null)) : Optional.empty();
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
