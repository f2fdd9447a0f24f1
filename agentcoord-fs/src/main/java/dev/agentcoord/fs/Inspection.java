package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for what a space holds and nobody needs. It takes no part in any decision and so looks outside the section: names are listed
 * first and the sessions asked afterwards, and what has gone meanwhile is not reported.
 */
final class Inspection {
    private final Space space;
    private final List<FsReport.Left> voidTickets = new ArrayList<>();
    private final List<FsReport.Left> planted = new ArrayList<>();

    Inspection(Space space) {
        this.space = space;
    }

    /** What is left when everything that this user may remove has been. */
    FsReport run() throws IOException {
        long floor = space.section().run(Turn::floor);
        for (String name : space.files().list()) {
            lookAtTicket(name, floor);
        }
        for (String name : Disk.list(space.layout().sessions())) {
            lookBeside(name);
        }
        for (String name : Disk.list(space.layout().state())) {
            if (StateFiles.isKey(name) && !space.state().files().isThere(name)) {
                report(space.layout().state().resolve(name), planted);
            }
        }
        return new FsReport(voidTickets, planted);
    }

    /** Those taken under a claim belong to a task, which ends otherwise. */
    private void lookAtTicket(String name, long floor) throws IOException {
        Path path = space.files().path(name);
        Optional<Ticket> found =
                space.section().run(turn -> Optional.ofNullable(space.files().readIfReadable(name)));
        if (found.isEmpty()) {
            // Where that was a ticket it is gone by now.
            report(path, planted);
            return;
        }
        if (found.get().owner().kind() == Owner.Kind.TASK) {
            return;
        }
        Ticket ticket = found.get();
        if (ticket.position() <= floor
                || space.judge().isDead(new SessionId(ticket.owner().id()))) {
            report(path, voidTickets);
        } else if (!space.files().isGenuine(ticket)) {
            report(path, planted);
        }
    }

    /** Beside a record stands only what its user made, or root. */
    private void lookBeside(String name) throws IOException {
        Path path = space.layout().sessions().resolve(name);
        Optional<SessionId> id = sessionOf(name);
        if (id.isEmpty()) {
            report(path, planted);
            return;
        }
        boolean record = name.length() == id.get().text().length();
        if (!record && !isItsOwn(path, space.sessions().find(id.get()))) {
            report(path, planted);
        }
    }

    private static Optional<SessionId> sessionOf(String name) {
        try {
            return Optional.of(new SessionId(name.substring(0, Math.min(name.length(), SessionDirectory.ID_LENGTH))));
        } catch (CoordinationException e) {
            return Optional.empty();
        }
    }

    private static boolean isItsOwn(Path path, Optional<SessionDirectory.Known> session) throws IOException {
        try {
            int uid = Disk.uid(path);
            return !Disk.isDirectory(path)
                    && session.isPresent()
                    && (uid == 0 || uid == session.get().uid());
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private static void report(Path path, List<FsReport.Left> where) throws IOException {
        try {
            where.add(new FsReport.Left(path, Disk.owner(path)));
        } catch (NoSuchFileException e) {
            // Its session has ended in the meantime, and took it away.
            return;
        }
    }
}
