package dev.agentcoord.zk;

import dev.agentcoord.LockRequest;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.zk.Requests.Listing;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The live tickets as the latest listing showed them, in their order, for decisions. Its positions are places in that order and mean
 * nothing outside. A later listing adds and removes only what differs. Thread-safe.
 */
final class Book {
    /** Leaves room below for what was made before the first ticket that was seen. */
    private static final long MIDDLE = 1L << 40;

    private final Map<String, Long> places = new HashMap<>();
    private final TreeMap<Long, String> names = new TreeMap<>();
    private final TicketTable table = new TicketTable();
    private long asOf = -1;
    private int latestSequence;
    private long latestPlace;

    /** Takes over a listing, unless a later one is known; a ticket of which the function knows nothing is gone and left out. */
    synchronized void update(Listing listing, Function<String, @Nullable Entry> entries) {
        if (listing.stat().getPzxid() < asOf) {
            return;
        }
        asOf = listing.stat().getPzxid();
        Set<String> live = new HashSet<>(listing.names());
        Set<String> gone = new HashSet<>(places.keySet());
        gone.removeAll(live);
        gone.forEach(this::remove);
        for (String name : live) {
            if (!places.containsKey(name)) {
                Entry entry = entries.apply(name);
                if (entry != null) {
                    add(entry);
                }
            }
        }
    }

    /** Which of the names a listing would add. */
    synchronized List<String> newOf(Listing listing) {
        return listing.names().stream()
                .filter(name -> !places.containsKey(name))
                .toList();
    }

    /**
     * What a decision needs to know of a ticket.
     *
     * @param node its name
     * @param wants its items, with or without a reason
     */
    record Entry(TicketNode node, LockRequest wants) {}

    /** The names of the earlier tickets in the way of one, earliest first; null where it is not live. */
    synchronized @Nullable List<String> blockersOf(String name) {
        Ticket ticket = get(name);
        return ticket == null ? null : named(table.blockersOf(ticket));
    }

    /** The names of the tickets in the way of a request placed now. */
    synchronized List<String> blockersOf(Owner owner, LockRequest wants) {
        return named(table.blockersOf(owner, wants));
    }

    /** A live ticket, of which owner and items are known but not when it was made and why; null where it is not live. */
    synchronized @Nullable Ticket get(String name) {
        Long place = places.get(name);
        return place == null ? null : table.get(place);
    }

    /** Throws {@link dev.agentcoord.LimitExceededException} when the owner or the space has as many tickets as it may. */
    synchronized void checkQuota(Owner owner) {
        table.checkQuota(owner);
    }

    /** The same for a ticket that is in the list already: only those before it count. */
    synchronized void checkQuota(Owner owner, String name) {
        if (table.size() <= Limits.TICKETS_PER_SPACE && table.count(owner) <= Limits.TICKETS_PER_SESSION) {
            return;
        }
        Long place = places.get(name);
        if (place == null) {
            return;
        }
        TicketTable before = new TicketTable();
        for (long earlier : names.headMap(place).keySet()) {
            Ticket ticket = table.get(earlier);
            if (ticket != null) {
                before.add(ticket);
            }
        }
        before.checkQuota(owner);
    }

    private List<String> named(List<Ticket> tickets) {
        return tickets.stream()
                .map(ticket -> names.getOrDefault(ticket.position(), ""))
                .toList();
    }

    private void add(Entry entry) {
        long place = placeOf(entry.node().sequence());
        table.add(new Ticket(place, 0, entry.node().owner(), entry.node().request(), entry.wants(), Instant.EPOCH));
        places.put(entry.node().name(), place);
        names.put(place, entry.node().name());
    }

    private void remove(String name) {
        Long place = places.remove(name);
        if (place != null) {
            table.remove(place);
            names.remove(place);
        }
    }

    /** By the difference to the latest one: numbers wrap, the order does not. */
    private long placeOf(int sequence) {
        if (latestPlace == 0) {
            latestPlace = MIDDLE;
            latestSequence = sequence;
        }
        long place = latestPlace + (sequence - latestSequence);
        if (place > latestPlace) {
            latestPlace = place;
            latestSequence = sequence;
        }
        return place;
    }
}
