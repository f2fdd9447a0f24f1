package dev.agentcoord.zk;

import dev.agentcoord.FencingToken;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.zk.Requests.Listing;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;

/** What stands behind fencing tokens: whether each is that of a granted ticket, and which znodes have to stay for that. Thread-safe. */
final class Tokens {
    /** Nothing can make it so again. */
    private static final StateFacts.Held NEVER = new StateFacts.Held(false, List.of());

    private final ZkStoreSession session;
    private final ZkTicketStore store;
    private final Tickets tickets;
    private final Book book;

    Tokens(ZkStoreSession session, ZkTicketStore store, Tickets tickets, Book book) {
        this.session = session;
        this.store = store;
        this.tickets = tickets;
        this.book = book;
    }

    /** Whether a token is that of a granted ticket, of whatever session or claim. */
    StateFacts.Held held(Call call, FencingToken token) throws KeeperException {
        Optional<StateFacts.Held> known = heldHere(token);
        if (known.isPresent()) {
            return known.get();
        }
        Listing listing = tickets.listNow(call);
        store.update(call, listing);
        String name = tickets.nameAt(call, listing.names(), token.position());
        List<String> blockers = name == null ? null : book.blockersOf(name);
        if (name == null || blockers == null) {
            return NEVER;
        }
        if (!blockers.isEmpty()) {
            return new StateFacts.Held(false, List.of(tickets.path(blockers.get(0))));
        }
        Owner whose = tickets.node(name).owner();
        if (whose.kind() == Owner.Kind.SESSION) {
            return token.generation() == 0 ? new StateFacts.Held(true, List.of(tickets.path(name))) : NEVER;
        }
        return session.taskTickets()
                .placeOf(call, whose, token.generation())
                .map(place -> new StateFacts.Held(true, List.of(tickets.path(name), place)))
                .orElse(NEVER);
    }

    /** The same as far as it is known without asking: of what this session was granted, and of what no ticket ever has. */
    Optional<StateFacts.Held> heldHere(FencingToken token) {
        if (token.incarnation() != session.space().node().incarnation()) {
            return Optional.of(NEVER);
        }
        OwnTicket mine = store.own().at(token.position());
        if (mine == null || !mine.isGranted() || mine.ticket().generation() != token.generation()) {
            return Optional.empty();
        }
        if (mine.ticket().owner().kind() == Owner.Kind.SESSION) {
            return Optional.of(new StateFacts.Held(true, List.of(tickets.path(mine.name()))));
        }
        return session.taskTickets()
                .placeOf(mine.ticket().owner(), token.generation())
                .map(place -> new StateFacts.Held(true, List.of(tickets.path(mine.name()), place)));
    }
}
