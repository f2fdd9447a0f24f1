package dev.agentcoord.fs;

import dev.agentcoord.Intervention;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.SessionId;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.record.InterventionCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Polite questions for a release: a file each in {@code asked}, named after the session asked, the ticket and the session that asks.
 * Its session removes it when it has heard it. They decide nothing, so they are left outside the section.
 */
final class Questions {
    private static final String NEXT = "~";

    private final Space space;

    Questions(Space space) {
        this.space = space;
    }

    /** Asks; a question asked before and not heard yet is replaced. */
    void ask(FsStoreSession asker, TicketId id, String reason) {
        Ticket ticket = live(asker, id);
        SessionId holder = ticket.session();
        Path question = Calls.typed(space.layout().asked(), () -> publish(asker, ticket, holder, reason));
        boolean standing = false;
        try {
            // Whoever released it meanwhile may have ended too, and would never take the question away.
            standing = live(asker, id).equals(ticket);
        } finally {
            if (!standing) {
                Calls.typed(space.layout().asked(), () -> Disk.unlink(question));
            }
        }
        space.ring(holder, Doorbells.ALL);
    }

    private Ticket live(FsStoreSession asker, TicketId id) {
        return asker.inSection(turn -> Optional.ofNullable(space.book().getThere(turn, id.position())))
                .orElseThrow(() -> new NotHeldException(
                        id, "there is no ticket " + id + " to ask for; 'agentcoord locks' lists them"));
    }

    private Path publish(FsStoreSession asker, Ticket ticket, SessionId holder, String reason) throws IOException {
        String name = holder + NEXT + ticket.position() + NEXT + asker.id();
        List<String> standing = standing(holder);
        if (standing.size() >= Limits.RELEASE_REQUESTS && !standing.contains(name)) {
            throw new LimitExceededException(
                    ticket.id(), standing.size() + " questions stand before its holder; wait until it hears them");
        }
        String agent = space.sessions().agentOf(holder);
        Intervention question = InterventionCodec.of(
                Intervention.Kind.RELEASE_REQUESTED,
                ticket,
                agent,
                asker.info(),
                reason,
                space.time().wall());
        Path draft = Note.write(asker.scratch(), question);
        try {
            return Files.move(draft, space.layout().asked().resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Disk.unlink(draft);
        }
    }

    /** What a session has not heard yet; it is taken away. */
    List<Intervention> hear(SessionId holder) throws IOException {
        List<Intervention> heard = new ArrayList<>();
        for (String name : standing(holder)) {
            Path file = space.layout().asked().resolve(name);
            Optional<Intervention> question = Note.read(file, Intervention.Kind.RELEASE_REQUESTED)
                    .filter(q -> name.equals(holder + NEXT + q.ticket().position() + NEXT + q.by()));
            if (question.isPresent() && isGenuine(question.get())) {
                heard.add(question.get());
            }
            takeAway(file);
        }
        return heard;
    }

    /** A directory that somebody made by hand asks nothing, and stays. */
    private static void takeAway(Path file) throws IOException {
        if (Disk.isDirectory(file)) {
            Disk.discard(file);
        } else {
            Disk.unlink(file);
        }
    }

    /** Removes, where this user may, what was asked of sessions that are no more: who asked died before it could see that. */
    void sweep() throws IOException {
        for (String name : Disk.list(space.layout().asked())) {
            int end = name.indexOf(NEXT);
            if (end > 0 && !Disk.isThere(space.layout().sessions().resolve(name.substring(0, end)))) {
                Disk.discard(space.layout().asked().resolve(name));
            }
        }
    }

    /** Nobody asks in the name of a session of another user. */
    private boolean isGenuine(Intervention question) throws IOException {
        return space.sessions()
                .find(question.by())
                .map(asker -> asker.record().info().developer().equals(question.developer()))
                .orElse(true);
    }

    private List<String> standing(SessionId holder) throws IOException {
        return Stream.of(Disk.list(space.layout().asked()))
                .filter(name -> name.startsWith(holder + NEXT))
                .toList();
    }
}
