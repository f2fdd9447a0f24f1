package dev.agentcoord.zk;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;

/**
 * What the waiting tickets of one session watch: each one of those in its way, and the list where permits may come free anywhere in
 * it. One watcher for all, so that the client keeps one watch for each znode. A watch is a reason to look again; only that the last in the
 * way was removed, over the connection over which it was seen to be the last, says more. Thread-safe.
 */
final class Wakeups implements Watcher {
    private final Requests requests;
    private final String list;
    private final Map<String, Set<OwnTicket>> waiting = new HashMap<>();
    private final AtomicInteger link = new AtomicInteger();
    private final AtomicInteger renamings = new AtomicInteger();

    Wakeups(Requests requests, String list) {
        this.requests = requests;
        this.list = list;
    }

    /** Hints at the ticket once the znode of another is gone. */
    void whenGone(String path, OwnTicket ticket) {
        if (register(path, ticket)) {
            var unused = requests.data(path, this).whenComplete((found, failure) -> {
                if (failure != null || found.isEmpty()) {
                    // Gone between list and watch; or lost with the connection, after which everybody looks again.
                    fire(path, false);
                }
            });
        }
    }

    /** Hints at the ticket once any ticket came or went. */
    void whenListChanges(OwnTicket ticket) {
        if (register(list, ticket)) {
            var unused = requests.children(list, this).whenComplete((found, failure) -> {
                if (failure != null) {
                    fire(list, false);
                }
            });
        }
    }

    void forget(OwnTicket ticket) {
        synchronized (waiting) {
            waiting.values().forEach(tickets -> tickets.remove(ticket));
        }
    }

    @Override
    public void process(WatchedEvent event) {
        if (event.getType() == Event.EventType.None) {
            link.incrementAndGet();
        } else {
            fire(event.getPath(), event.getType() == Event.EventType.NodeDeleted);
        }
    }

    /**
     * The number of the connection, so to speak. What was removed while there was none is told afterwards as if it were just removed, and
     * not that it has become another's meanwhile.
     */
    int link() {
        return link.get();
    }

    /**
     * Begins to give a ticket of the session itself another owner, in whose name it may stand in the way of the session's others: until
     * {@link #endRenaming} no end says it all, and afterwards none of what was seen before.
     */
    void beginRenaming() {
        renamings.incrementAndGet();
    }

    void endRenaming() {
        link.incrementAndGet();
        renamings.decrementAndGet();
    }

    /** Whether nobody of this session has watched it yet. */
    private boolean register(String path, OwnTicket ticket) {
        synchronized (waiting) {
            Set<OwnTicket> before = waiting.get(path);
            if (before != null) {
                before.add(ticket);
                return false;
            }
            Set<OwnTicket> tickets = new LinkedHashSet<>();
            tickets.add(ticket);
            waiting.put(path, tickets);
            return true;
        }
    }

    private void fire(String path, boolean removed) {
        Set<OwnTicket> tickets;
        synchronized (waiting) {
            tickets = waiting.remove(path);
        }
        if (tickets != null) {
            for (OwnTicket ticket : tickets) {
                int heardOver = link();
                if (removed && renamings.get() == 0) {
                    ticket.gone(path, heardOver);
                }
                ticket.hint().run();
            }
        }
    }
}
