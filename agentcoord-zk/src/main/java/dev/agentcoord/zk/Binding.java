package dev.agentcoord.zk;

import dev.agentcoord.Claim;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;

/** Gives granted tickets of a session to tasks that it claims: each gets another name at the same position, in one step. Thread-safe. */
final class Binding {
    private final ZkStoreSession session;
    private final Tickets tickets;
    /** The positions of those that are given another name just now. */
    private final Set<Long> underWay = ConcurrentHashMap.newKeySet();

    Binding(ZkStoreSession session, Tickets tickets) {
        this.session = session;
        this.tickets = tickets;
    }

    /** Whether a ticket is given another name just now: that the old one is missing says nothing. */
    boolean isUnderWay(OwnTicket ticket) {
        return underWay.contains(ticket.ticket().position());
    }

    /** Does it and has the ticket kept as the task's, before anybody can find it missing. */
    Ticket bind(OwnTicket held, Claim to, Owner task, Consumer<OwnTicket> keep) {
        Ticket mine = held.ticket();
        TicketNode node = tickets.node(held.name());
        TicketNode.Bound place =
                new TicketNode.Bound(mine.position(), mine.since().toEpochMilli());
        String name = TicketNode.bound(node, mine.wants(), task, place);
        byte[] data = TicketNode.data(mine.wants(), name);
        underWay.add(mine.position());
        try {
            rename(held, name, data, to);
            Ticket bound = mine.of(task, to.token().generation());
            OwnTicket after = new OwnTicket(bound, name, held.hint());
            after.markGranted();
            keep.accept(after);
            return bound;
        } finally {
            underWay.remove(mine.position());
        }
    }

    private void rename(OwnTicket held, String name, byte[] data, Claim to) {
        Ticket mine = held.ticket();
        String place = session.taskTickets().placeOf(to);
        session.caller().once("bind " + mine.id() + " to task " + to.task().id(), call -> {
            try {
                session.commits()
                        .commit(
                                call,
                                List.of(
                                        Op.setData(place, new byte[0], Requests.ANY_VERSION),
                                        Op.create(tickets.path(name), data, session.acl(), CreateMode.PERSISTENT),
                                        // Who watches the old name hears of a change, not of its end: it is held on.
                                        Op.setData(tickets.path(held.name()), new byte[0], Requests.ANY_VERSION),
                                        Op.delete(tickets.path(held.name()), Requests.ANY_VERSION)));
                return name;
            } catch (KeeperException.NoNodeException e) {
                if (call.await(session.connection().own().stat(place)).isEmpty()) {
                    throw TaskTickets.stale(to);
                }
                throw notHeld(mine);
            }
        });
    }

    static NotHeldException notHeld(Ticket mine) {
        return new NotHeldException(mine.wants(), "nothing was bound: " + mine.id() + " is not held");
    }
}
