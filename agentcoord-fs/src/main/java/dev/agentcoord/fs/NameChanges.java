package dev.agentcoord.fs;

import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes, renames and removes the names of tickets, each announced before it is touched. The {@link LiveTickets} follow, but for what is
 * removed: whoever removes it has to tell whom that lets in.
 */
final class NameChanges {
    private final TicketFiles files;
    private final LiveTickets live;
    private final TicketNews news;
    private final Unannounced unannounced;

    NameChanges(TicketFiles files, LiveTickets live, TicketNews news, Unannounced unannounced) {
        this.files = files;
        this.live = live;
        this.news = news;
        this.unannounced = unannounced;
    }

    void add(Turn turn, Ticket ticket, String name, Path linkTo) throws IOException {
        news.doubt();
        unannounced.announce(turn, List.of(new Change(Change.Kind.TICKET_ADDED, name)));
        Files.createLink(files.path(name), linkTo);
        live.add(ticket);
        news.caughtUp(turn);
    }

    /** False where the name was gone already. */
    boolean remove(Turn turn, Ticket ticket) throws IOException {
        news.doubt();
        String name = files.nameOf(ticket);
        turn.announce(Change.Kind.TICKET_REMOVED, name);
        boolean removed = Disk.unlink(files.path(name));
        news.caughtUp(turn);
        return removed;
    }

    /** Announces that a name has gone already. */
    void removed(Turn turn, Ticket ticket) throws IOException {
        news.doubt();
        turn.announce(Change.Kind.TICKET_REMOVED, files.nameOf(ticket));
        news.caughtUp(turn);
    }

    /** Announces what was let go of and not announced yet. */
    void announceRest(Turn turn) throws IOException {
        if (!unannounced.isEmpty()) {
            boolean isCurrent = news.isCurrent(turn);
            unannounced.announce(turn, List.of());
            if (isCurrent) {
                news.caughtUp(turn);
            }
        }
    }

    /**
     * Renames a session's ticket to the one of a task that it has become. A body is what the new name does not say; it takes the place of
     * the session's record under the old name first, until it is renamed as well or that has failed.
     */
    void bind(Turn turn, Ticket before, Ticket bound, @Nullable Path body) throws IOException {
        news.doubt();
        Path old = files.path(files.nameOf(before));
        String name = files.nameOf(bound);
        if (body == null) {
            turn.announce(Change.Kind.TICKET_BOUND, name);
            Files.move(old, files.path(name), StandardCopyOption.ATOMIC_MOVE);
        } else {
            bindWithBody(turn, old, name, body);
        }
        live.drop(before.position());
        live.add(bound);
        news.caughtUp(turn);
    }

    private void bindWithBody(Turn turn, Path old, String name, Path body) throws IOException {
        Path record = body.resolveSibling(body.getFileName() + "~record");
        Files.createLink(record, old);
        try {
            Files.move(body, old, StandardCopyOption.ATOMIC_MOVE);
            turn.announce(Change.Kind.TICKET_BOUND, name);
            Files.move(old, files.path(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            // As its session's record it is the session's again.
            Files.move(record, old, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        } finally {
            Disk.discard(record);
        }
    }
}
