package dev.agentcoord.fs;

import dev.agentcoord.Intervention;
import dev.agentcoord.LockInfo;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.queue.ParkRule;
import dev.agentcoord.core.record.InterventionCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * On behalf of a session that tasks' locks block: gives back what their dead claimers left, so that others can claim it with its locks, and
 * gives up the locks of tasks that nobody has claimed for too long. Since when nobody does, and what time it is now, are both stamps of the
 * store: of the note on the delivery that ended, which the rename to its name set, and of a file made now.
 */
final class Parking {
    private final Space space;
    private final FsStoreSession session;

    Parking(Space space, FsStoreSession session) {
        this.space = space;
        this.session = session;
    }

    /** The same for the first of the tickets only. */
    boolean clearFirst(List<Ticket> tickets) throws IOException {
        return !tickets.isEmpty() && clear(tickets.subList(0, 1));
    }

    /** Whether something was done about tasks among the owners of these tickets, so that it is worth deciding again. */
    boolean clear(List<Ticket> tickets) throws IOException {
        boolean any = false;
        for (Owner owner : tickets.stream().map(Ticket::owner).distinct().toList()) {
            any |= owner.kind() == Owner.Kind.TASK && clear(owner);
        }
        return any;
    }

    private boolean clear(Owner task) throws IOException {
        Optional<QueueDirectory.Entry> found =
                session.inSection(turn -> Optional.ofNullable(space.places().find(task)));
        if (found.isEmpty()) {
            return false;
        }
        SessionId claimer = found.get().name().claimer();
        if (claimer != null) {
            boolean dead = isDead(claimer);
            if (dead) {
                session.giveBack(task, claimer);
            }
            return dead;
        }
        return isParkedTooLong(task, found.get()) && giveUp(task, found.get().file());
    }

    private boolean isDead(SessionId claimer) throws IOException {
        return !space.members().containsKey(claimer)
                && !space.judge().wasAliveJustNow(claimer)
                && space.judge().isDead(claimer);
    }

    private boolean isParkedTooLong(Owner owner, QueueDirectory.Entry task) throws IOException {
        Path note = space.places().layoutOf(owner).note(task.name().task());
        try {
            return ParkRule.isOver(changed(note, task.file()), now(), timeout(task));
        } catch (NoSuchFileException e) {
            // It went on meanwhile.
            return false;
        }
    }

    /** A delivery that came to nothing leaves no note: then the task's own file, whose stamp may be later, since tasks of a batch share it. */
    private static Instant changed(Path note, Path task) throws IOException {
        try {
            return changed(note);
        } catch (NoSuchFileException e) {
            return changed(task);
        }
    }

    private static Instant changed(Path file) throws IOException {
        return ((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS)).toInstant();
    }

    private static Duration timeout(QueueDirectory.Entry task) throws IOException {
        return QueueTurn.read(task.file(), task.name().task().id()).task().parkTimeout();
    }

    private Instant now() throws IOException {
        Path stamp = session.scratch();
        Disk.createEmpty(stamp, Layout.RECORD);
        try {
            return Files.getLastModifiedTime(stamp, LinkOption.NOFOLLOW_LINKS).toInstant();
        } finally {
            Disk.discard(stamp);
        }
    }

    private boolean giveUp(Owner task, Path file) throws IOException {
        List<Ticket> admitted = new ArrayList<>();
        boolean any = false;
        for (Ticket ticket : session.inSection(turn -> space.book().of(turn, task))) {
            any |= giveUp(ticket, file, admitted);
        }
        space.wake(admitted);
        if (any) {
            space.thefts().prune();
        }
        return any;
    }

    private boolean giveUp(Ticket ticket, Path file, List<Ticket> admitted) throws IOException {
        String reason = "task " + ticket.owner().id() + " was parked for too long";
        Intervention record = InterventionCodec.of(
                Intervention.Kind.GIVEN_UP,
                ticket,
                LockInfo.PARKED.agent(),
                session.info(),
                reason,
                space.time().wall());
        Path draft = Note.write(session.scratch(), record);
        try {
            return session.inSection(turn -> {
                // The file's name is where the task is and at which delivery: while it is there nobody has claimed it.
                if (!Disk.isThere(file) || !ticket.equals(space.book().get(turn, ticket.position()))) {
                    return false;
                }
                space.thefts().enter(ticket, session, draft);
                admitted.addAll(space.book().remove(turn, ticket));
                return true;
            });
        } finally {
            Disk.discard(draft);
        }
    }
}
