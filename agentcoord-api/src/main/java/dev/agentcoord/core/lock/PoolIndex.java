package dev.agentcoord.core.lock;

import dev.agentcoord.Pool;
import dev.agentcoord.PoolMismatchException;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The live tickets that ask for permits, by the name of the pool, earliest first. */
final class PoolIndex {
    private final Map<String, NavigableMap<Long, Share>> pools = new HashMap<>();

    void add(Ticket ticket) {
        for (Map.Entry<Pool, Integer> wanted : ticket.wants().permits().entrySet()) {
            Pool pool = wanted.getKey();
            pools.computeIfAbsent(pool.name(), name -> new TreeMap<>())
                    .put(ticket.position(), new Share(ticket, pool, wanted.getValue()));
        }
    }

    void remove(Ticket ticket) {
        for (Pool pool : ticket.wants().permits().keySet()) {
            pools.computeIfPresent(pool.name(), (name, shares) -> {
                shares.remove(ticket.position());
                return shares.isEmpty() ? null : shares;
            });
        }
    }

    /** Whether the earlier tickets leave too few permits; throws {@link PoolMismatchException} for another capacity than theirs. */
    boolean blocks(Ticket ticket) {
        boolean blocked = false;
        for (Map.Entry<Pool, Integer> wanted : ticket.wants().permits().entrySet()) {
            blocked |= exceeds(ticket, wanted.getKey(), wanted.getValue());
        }
        return blocked;
    }

    /** The earlier tickets of each pool that {@link #blocks}, of whatever owner: permits are counted, not held twice. */
    void forEachBlocker(Ticket ticket, Consumer<Ticket> action) {
        for (Map.Entry<Pool, Integer> wanted : ticket.wants().permits().entrySet()) {
            if (exceeds(ticket, wanted.getKey(), wanted.getValue())) {
                earlier(ticket, wanted.getKey()).values().forEach(share -> action.accept(share.ticket));
            }
        }
    }

    /** The later tickets of its pools, without those for whom the remaining ones leave nothing anyway. */
    void forEachBlocked(Ticket ticket, Consumer<Ticket> action) {
        ticket.wants().permits().keySet().forEach(pool -> {
            long taken = 0;
            for (Share share : shares(pool).values()) {
                if (taken >= share.pool.capacity()) {
                    return;
                }
                if (share.ticket.position() > ticket.position()) {
                    action.accept(share.ticket);
                }
                taken += share.count;
            }
        });
    }

    /** Whether a later ticket asks for permits of one of a ticket's pools, whether or not it has to wait for them. */
    boolean hasLater(Ticket ticket) {
        for (Pool pool : ticket.wants().permits().keySet()) {
            if (shares(pool).higherKey(ticket.position()) != null) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        pools.clear();
    }

    private boolean exceeds(Ticket ticket, Pool pool, int count) {
        NavigableMap<Long, Share> shares = shares(pool);
        if (shares.isEmpty() || shares.firstKey() >= ticket.position()) {
            return false;
        }
        requireSameCapacity(pool, shares.firstEntry().getValue());
        long taken = count;
        for (Share share : earlier(ticket, pool).values()) {
            taken += share.count;
            if (taken > pool.capacity()) {
                return true;
            }
        }
        return false;
    }

    private NavigableMap<Long, Share> earlier(Ticket ticket, Pool pool) {
        return shares(pool).headMap(ticket.position(), false);
    }

    private NavigableMap<Long, Share> shares(Pool pool) {
        return pools.getOrDefault(pool.name(), Collections.emptyNavigableMap());
    }

    private static void requireSameCapacity(Pool wanted, Share first) {
        if (wanted.capacity() != first.pool.capacity()) {
            throw new PoolMismatchException(
                    wanted,
                    "pool '" + wanted.name() + "' has capacity " + first.pool.capacity() + " by ticket "
                            + first.ticket.id() + ", not " + wanted.capacity()
                            + "; ask with the same capacity everywhere");
        }
    }

    private record Share(Ticket ticket, Pool pool, int count) {}
}
