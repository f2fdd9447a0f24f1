package dev.agentcoord.zk;

import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.zk.Requests.Listing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.zookeeper.KeeperException;

/**
 * A live ticket as everybody can read it.
 *
 * @param ticket as it stands in the line
 * @param path of its znode
 */
record Live(Ticket ticket, String path) {
    /** So often it is listed again because some went while they were read. */
    private static final int TRIES = 10;

    /** All there are, earliest first, at one moment after the call began unless they come and go faster than they can be read. */
    static List<Ticket> all(Call call, Tickets tickets) throws KeeperException {
        for (int i = 1; ; i++) {
            Listing listing = tickets.listNow(call);
            List<Ticket> read = tickets.read(call, listing.names());
            if (read.size() == listing.names().size() || i == TRIES) {
                List<Ticket> all = new ArrayList<>(read);
                all.sort(Comparator.naturalOrder());
                return all;
            }
        }
    }

    /** The one of that position; throws {@link dev.agentcoord.NotHeldException} where there is none. */
    static Live find(Call call, Tickets tickets, TicketId id) throws KeeperException {
        List<String> names = tickets.listNow(call).names();
        tickets.read(call, names);
        for (String name : names) {
            for (Ticket ticket : tickets.read(call, List.of(name))) {
                if (ticket.id().equals(id)) {
                    return new Live(ticket, tickets.path(name));
                }
            }
        }
        throw Thefts.Target.notHeld(id);
    }
}
