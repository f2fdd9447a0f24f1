package dev.agentcoord.zk;

import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.zk.Requests.Found;
import dev.agentcoord.zk.Requests.Listing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/**
 * Reads tickets off the ensemble. A name says what a decision needs; position, time and reason are read for those that somebody is told
 * of, many at once and each once, since a ticket never changes. Thread-safe.
 */
final class Tickets {
    /** More children than there can be tickets: to list them would only break the connection, again and again. */
    private static final int MOST = Limits.TICKETS_PER_SPACE + 1_024;

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

    private Listing listBounded(Call call) throws KeeperException {
        int count = call.await(requests.count(parent));
        if (count > MOST) {
            throw new LimitExceededException(
                    parent,
                    parent + " has " + count + " children, more than there may be lock requests; remove what is none");
        }
        return call.await(requests.children(parent, null));
    }

    /** Forgets those that are gone. */
    void keepOnly(Collection<String> live) {
        Set<String> names = new HashSet<>(live);
        nodes.keySet().retainAll(names);
        known.keySet().retainAll(names);
    }

    /** The parsed name; throws {@link dev.agentcoord.CorruptRecordException} for what is none. */
    TicketNode node(String name) {
        return nodes.computeIfAbsent(name, n -> TicketNode.parse(parent, n));
    }

    /** What was just made. */
    Ticket learn(TicketNode node, byte[] data, org.apache.zookeeper.data.Stat stat) {
        Ticket ticket = node.ticket(parent, data, stat);
        known.put(node.name(), ticket);
        return ticket;
    }

    /** Those of that name that are live, in the same order. */
    List<Ticket> read(Call call, Collection<String> names) throws KeeperException {
        List<String> unknown =
                names.stream().filter(name -> !known.containsKey(name)).toList();
        boolean large = unknown.stream().anyMatch(name -> node(name).needsBody());
        List<@Nullable Found> found = Batches.read(
                call, requests, unknown.stream().map(this::path).toList(), large ? Batches.LARGE : Batches.SMALL);
        for (int i = 0; i < found.size(); i++) {
            Found one = found.get(i);
            if (one != null) {
                learn(node(unknown.get(i)), one.bytes(), one.stat());
            }
        }
        return names.stream().map(known::get).filter(Objects::nonNull).toList();
    }

    /** What a book enters of each listed name, read where the name does not say it. */
    void readBodies(Call call, Collection<String> names) throws KeeperException {
        List<String> inBody = new ArrayList<>();
        for (String name : names) {
            if (node(name).needsBody()) {
                inBody.add(name);
            }
        }
        read(call, inBody);
    }

    /** For a book; null for a ticket that was gone before its data was read. */
    Book.@Nullable Entry entry(String name) {
        TicketNode node = node(name);
        LockRequest wants = node.wants();
        if (wants == null) {
            Ticket ticket = known.get(name);
            return ticket == null ? null : new Book.Entry(node, ticket.wants());
        }
        return new Book.Entry(node, wants);
    }
}
