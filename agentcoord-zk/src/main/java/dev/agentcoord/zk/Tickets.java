package dev.agentcoord.zk;

import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.zk.Requests.Found;
import dev.agentcoord.zk.Requests.Listing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Reads tickets off the ensemble. A name says what a decision needs; position, time and reason are read for those that somebody is told
 * of, many at once and each once, since a ticket never changes. Thread-safe.
 */
final class Tickets {
    /** More children than there can be tickets: to list them would only break the connection, again and again. */
    private static final int MOST = Limits.TICKETS_PER_SPACE + 1_024;

    /** To look through what is remembered takes longer than to decide, where there are few tickets. */
    private static final int SLACK = 64;

    private final Requests requests;
    private final String parent;
    private final Map<String, TicketNode> nodes = new ConcurrentHashMap<>();
    private final Map<String, Ticket> known = new ConcurrentHashMap<>();

    Tickets(Requests requests, String parent) {
        this.requests = requests;
        this.parent = parent;
    }

    String parent() {
        return parent;
    }

    String path(String name) {
        return parent + "/" + name;
    }

    /** Lists them anew; after a lost connection counts first, since a list that is too long breaks it. */
    Listing list(Call call) throws KeeperException {
        return list(call, requests.children(parent, null));
    }

    /** As {@link #list(Call)}, when it was asked for already. */
    Listing list(Call call, CompletableFuture<Listing> asked) throws KeeperException {
        try {
            return call.await(asked);
        } catch (KeeperException e) {
            if (!Failures.isLostConnection(e) || !call.pause()) {
                throw e;
            }
            return Caller.repeatedly(call, this::listBounded);
        }
    }

    /** As {@link #list(Call)}, as of a moment after the call began; what is gone by then is forgotten. */
    Listing listNow(Call call) throws KeeperException {
        CompletableFuture<String> synced = requests.sync(parent);
        Listing listing = list(call);
        call.await(synced);
        keepOnly(listing.names());
        return listing;
    }

    private Listing listBounded(Call call) throws KeeperException {
        int count = call.await(requests.count(parent));
        if (count > MOST) {
            throw new LimitExceededException(
                    parent,
                    parent + " has " + count + " children, more than there may be lock requests; remove what is none");
        }
        return call.await(requests.children(parent, null));
    }

    /** Forgets those that are gone, once there may be some number of them. */
    void keepOnly(Collection<String> live) {
        if (nodes.size() <= live.size() + SLACK && known.size() <= live.size() + SLACK) {
            return;
        }
        Set<String> names = new HashSet<>(live);
        nodes.keySet().retainAll(names);
        known.keySet().retainAll(names);
    }

    /** The parsed name; throws {@link dev.agentcoord.CorruptRecordException} for what is none. */
    TicketNode node(String name) {
        return nodes.computeIfAbsent(name, n -> TicketNode.parse(parent, n));
    }

    /** What was just made. */
    Ticket learn(TicketNode node, byte[] data, Stat stat) {
        nodes.putIfAbsent(node.name(), node);
        Ticket ticket = node.ticket(parent, data, stat);
        known.put(node.name(), ticket);
        return ticket;
    }

    /** Those of that name that are live, in the same order. */
    List<Ticket> read(Call call, Collection<String> names) throws KeeperException {
        return List.copyOf(readByName(call, names).values());
    }

    /** The name, among those, of the ticket at a position; null where none of them is. */
    @Nullable String nameAt(Call call, Collection<String> names, long position) throws KeeperException {
        for (Map.Entry<String, Ticket> ticket : readByName(call, names).entrySet()) {
            if (ticket.getValue().position() == position) {
                return ticket.getKey();
            }
        }
        return null;
    }

    /** What a book enters of each listed name, read where the name does not say it; nothing for one that was gone by then. */
    Map<String, Book.Entry> entries(Call call, Collection<String> names) throws KeeperException {
        Map<String, Book.Entry> entries = new HashMap<>();
        List<String> inBody = new ArrayList<>();
        for (String name : names) {
            LockRequest wants = node(name).wants();
            if (wants == null) {
                inBody.add(name);
            } else {
                entries.put(name, new Book.Entry(node(name), wants));
            }
        }
        readByName(call, inBody)
                .forEach((name, ticket) -> entries.put(name, new Book.Entry(node(name), ticket.wants())));
        return entries;
    }

    /** From what was known when it began and what it reads: others may forget meanwhile what an older list does not show. */
    Map<String, Ticket> readByName(Call call, Collection<String> names) throws KeeperException {
        Map<String, @Nullable Ticket> all = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        for (String name : names) {
            Ticket ticket = known.get(name);
            if (ticket == null) {
                unknown.add(name);
            }
            all.put(name, ticket);
        }
        boolean large = unknown.stream().anyMatch(name -> node(name).needsBody());
        List<@Nullable Found> found = Batches.read(
                call, requests, unknown.stream().map(this::path).toList(), large ? Batches.LARGE : Batches.SMALL);
        for (int i = 0; i < found.size(); i++) {
            Found one = found.get(i);
            if (one != null) {
                all.put(unknown.get(i), learn(node(unknown.get(i)), one.bytes(), one.stat()));
            }
        }
        Map<String, Ticket> read = new LinkedHashMap<>();
        all.forEach((name, ticket) -> {
            if (ticket != null) {
                read.put(name, ticket);
            }
        });
        return read;
    }
}
