package dev.agentcoord.fs;

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
            sweep(id);
            any = true;
        }
        return any;
    }

    /** Removes the sessions proven dead among the owners of these tickets; true when there was one. */
    boolean sweepOwners(Collection<Ticket> tickets) throws IOException {
        Set<String> ids = tickets.stream()
                .map(Ticket::owner)
                .filter(owner -> owner.kind() == Owner.Kind.SESSION)
                .map(Owner::id)
                .collect(Collectors.toSet());
        boolean any = false;
        for (String text : ids) {
            SessionId id = new SessionId(text);
            if (!space.members().containsKey(id) && space.judge().isDead(id)) {
                sweep(id);
                any = true;
            }
        }
        return any;
    }

    /** Removes a session that is proven dead: its tickets, then what stands beside its record, then that. */
    void sweep(SessionId dead) throws IOException {
        Optional<SessionDirectory.Known> session = space.sessions().find(dead);
        boolean allowed = session.isEmpty() || mayRemove(session.get().uid());
        removeTickets(Owner.session(dead), allowed);
        space.state().forget(space.section()::run, dead);
        space.state().sweepDrafts(space.section()::run);
        if (session.isPresent() && allowed) {
            removeRecord(dead);
        }
    }

    /** Removes all tickets of an owner, some at a time, and wakes those they let in. */
    void removeTickets(Owner owner, boolean allowed) {
        List<Ticket> admitted;
        do {
            admitted = new ArrayList<>();
        } while (removeSome(owner, allowed, admitted));
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
