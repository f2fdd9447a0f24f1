package dev.agentcoord.fs;

import dev.agentcoord.Intervention;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.SessionId;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.record.InterventionCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Takes a ticket from a session on purpose. The mark that says who and why is made in the same turn, before the ticket goes: so its
 * loser knows before anyone else is granted. A mark counts only if it belongs to the session's user or root.
 */
final class Theft {
    private final Space space;
    private final FsStoreSession thief;

    Theft(Space space, FsStoreSession thief) {
        this.space = space;
        this.thief = thief;
    }

    /** Whether a ticket of a session was taken on purpose, by somebody who may. */
    static boolean isMarked(Space space, SessionId session, long position) throws IOException {
        try {
            Path mark = space.sessions().mark(session, position);
            int uid = Disk.uid(mark);
            if (!Disk.isFile(mark)) {
                return false;
            }
            Optional<SessionDirectory.Known> known = space.sessions().remembered(session);
            return uid == 0 || (known.isPresent() && known.get().uid() == uid);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** What the mark says, where there is one that counts. */
    static Optional<Intervention> markOf(Space space, SessionId session, long position) throws IOException {
        return isMarked(space, session, position)
                ? Note.read(space.sessions().mark(session, position), Intervention.Kind.STOLEN)
                        .filter(mark -> mark.ticket().position() == position)
                : Optional.empty();
    }

    /** Takes it; throws {@link NotHeldException} where there is none, {@link InvalidRequestException} where that is not allowed. */
    void of(TicketId id, String reason) {
        Ticket ticket = find(id);
        try {
            SessionId loser = requireAllowed(ticket);
            Path draft = writeMark(ticket, loser, reason);
            try {
                List<Ticket> admitted = thief.inSection(turn -> {
                    if (!ticket.equals(space.book().getThere(turn, id.position()))) {
                        throw notHeld(id);
                    }
                    Path mark = space.sessions().mark(loser, id.position());
                    // One that is there is of a theft that stopped half way, since the ticket is there as well.
                    Disk.unlink(mark);
                    Files.createLink(mark, draft);
                    return take(turn, ticket, mark, draft);
                });
                space.ring(loser, Doorbells.ALL);
                space.wake(admitted);
            } finally {
                Disk.discard(draft);
            }
            space.thefts().prune();
        } catch (IOException e) {
            throw Disk.unavailable(space.layout().sessions(), e);
        }
    }

    /** A session that lets go of it in this moment was first: then nothing was stolen. */
    private List<Ticket> take(Turn turn, Ticket ticket, Path mark, Path draft) throws IOException {
        boolean taken = false;
        try {
            space.thefts().enter(ticket, thief, draft);
            List<Ticket> admitted = space.book().steal(turn, ticket).orElseThrow(() -> notHeld(ticket.id()));
            taken = true;
            return admitted;
        } finally {
            if (!taken) {
                Disk.discard(mark);
                space.thefts().withdraw(ticket, thief);
            }
        }
    }

    private Ticket find(TicketId id) {
        return thief.inSection(turn -> Optional.ofNullable(space.book().get(turn, id.position())))
                .orElseThrow(() -> notHeld(id));
    }

    private SessionId requireAllowed(Ticket ticket) throws IOException {
        SessionId loser = ticket.session();
        Optional<SessionDirectory.Known> session = space.sessions().remembered(loser);
        Machine machine = Machine.here();
        if (session.isPresent() && session.get().uid() != machine.uid() && !machine.isRoot()) {
            String user = session.get().record().info().developer();
            throw new InvalidRequestException(ticket.id(), "only " + user + " or root can break " + ticket.id());
        }
        return loser;
    }

    private Path writeMark(Ticket ticket, SessionId loser, String reason) throws IOException {
        Intervention theft = InterventionCodec.of(
                Intervention.Kind.STOLEN,
                ticket,
                space.sessions().agentOf(loser),
                thief.info(),
                reason,
                space.time().wall());
        return Note.write(thief.scratch(), theft);
    }

    private static NotHeldException notHeld(TicketId id) {
        return new NotHeldException(id, "there is no ticket " + id + " to break; 'agentcoord locks' lists them");
    }
}
