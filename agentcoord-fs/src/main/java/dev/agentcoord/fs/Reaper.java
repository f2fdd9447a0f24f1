package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Removes what sessions proven dead leave behind. The proof is taken outside the section; it can never become untrue. */
final class Reaper {
    /** Tickets removed in one turn, so that nobody waits long for the section. */
    static final int AT_ONCE = 32;

    private final Space space;
    private final Machine machine;

    Reaper(Space space, Machine machine) {
        this.space = space;
        this.machine = machine;
    }

    /** Removes the sessions proven dead among the owners of these tickets, up to the first that lives; true when there was one. */
    boolean sweepFirstOwners(List<Ticket> tickets) throws IOException {
        boolean any = false;
        for (Ticket ticket : tickets) {
            if (ticket.owner().kind() != Owner.Kind.SESSION) {
                return any;
            }
            SessionId id = new SessionId(ticket.owner().id());
            if (space.members().containsKey(id)
                    || space.judge().wasAliveJustNow(id)
                    || !space.judge().isDead(id)) {
                return any;
            }
            any |= sweep(id);
        }
        return any;
    }

    /** Removes the sessions proven dead among the owners of these tickets; true when there was one. */
    boolean sweepOwners(Collection<Ticket> tickets) throws IOException {
        return sweepDead(tickets.stream()
                .map(Ticket::owner)
                .filter(owner -> owner.kind() == Owner.Kind.SESSION)
                .map(owner -> new SessionId(owner.id()))
                .collect(Collectors.toSet()));
    }

    /** Removes the sessions proven dead among those in whose names there are tickets, readable or not; true when there was one. */
    boolean sweepNamed() throws IOException {
        return sweepDead(space.files().sessions());
    }

    private boolean sweepDead(Set<SessionId> ids) throws IOException {
        boolean any = false;
        for (SessionId id : ids) {
            if (!space.members().containsKey(id) && space.judge().isDead(id)) {
                any |= sweep(id);
            }
        }
        return any;
    }

    /**
     * Removes a session that is proven dead: its tickets, then what stands beside its record, then that. False where its tickets still count,
     * as one cannot be read and only their user or root may remove them.
     */
    boolean sweep(SessionId dead) throws IOException {
        Optional<SessionDirectory.Known> session = space.sessions().find(dead);
        boolean allowed = session.isEmpty() || mayRemove(session.get().uid());
        boolean swept = removeTickets(dead, allowed);
        space.state().forget(space.section()::run, dead);
        space.state().sweepDrafts(space.section()::run);
        if (session.isPresent() && allowed) {
            removeRecord(dead);
        }
        return swept;
    }

    /**
     * Removes all tickets of a session, some at a time, and wakes those they let in. Where the ticket of somebody cannot be read they go by
     * their names: that lets nobody in at once, and whoever waits for one looks for its name. False where even that is not allowed.
     */
    boolean removeTickets(SessionId session, boolean allowed) {
        try {
            List<Ticket> admitted;
            do {
                admitted = new ArrayList<>();
            } while (removeSome(Owner.session(session), allowed, admitted));
            return true;
        } catch (CorruptRecordException e) {
            while (allowed && removeSomeByName(session)) {
                // Those that are left have their turn.
            }
            return allowed;
        }
    }

    private boolean removeSomeByName(SessionId session) {
        return space.section().run(turn -> {
            List<String> names = space.files().namesOf(session);
            for (String name : names.subList(0, Math.min(AT_ONCE, names.size()))) {
                turn.announce(Change.Kind.TICKET_REMOVED, name);
                Disk.unlink(space.files().path(name));
            }
            return names.size() > AT_ONCE;
        });
    }

    private boolean removeSome(Owner owner, boolean allowed, List<Ticket> admitted) {
        boolean more = space.section().run(turn -> {
            int left = AT_ONCE;
            if (!allowed) {
                space.book().ignore(owner);
            }
            for (Ticket ticket : space.book().all(turn)) {
                if (ticket.owner().equals(owner)) {
                    if (left-- == 0) {
                        return true;
                    }
                    admitted.addAll(
                            allowed
                                    ? space.book().remove(turn, ticket)
                                    : space.book().forget(turn, ticket));
                }
            }
            space.book().announceRest(turn);
            return false;
        });
        space.wake(admitted);
        return more;
    }

    /** Announces the end of a session and removes its record and all that stands beside it. */
    void removeRecord(SessionId id) {
        space.section().run(turn -> {
            Optional<SessionDirectory.Known> session = space.sessions().find(id);
            if (session.isPresent()) {
                Doorbells.takeDown(session.get().record(), session.get().uid());
            }
            turn.announce(Change.Kind.SESSION_ENDED, id.text());
            space.sessions().remove(id);
            return id;
        });
        // Nobody will hear them any more.
        Calls.typed(space.layout().asked(), () -> space.questions().hear(id));
    }

    /** In a sticky directory only the owner of a name, of the directory, or root may remove it. */
    private boolean mayRemove(int uid) throws IOException {
        return machine.isRoot()
                || uid == machine.uid()
                || Disk.uid(space.layout().locks()) == machine.uid();
    }
}
