package dev.agentcoord.core.lock;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.core.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The live tickets of a space and the grant rule over them: a ticket is granted when no earlier remaining ticket of another owner
 * conflicts with any of its items and, for each of its pools, the permits of the earlier remaining tickets and its own are within the
 * capacity that the pool's earliest ticket states. It looks at no clock. Its cost does not grow with unrelated tickets. Not
 * thread-safe.
 */
public final class TicketTable {
    private final NavigableMap<Long, Live> live = new TreeMap<>();
    private final Map<Owner, Integer> counts = new HashMap<>();
    private final ItemIndex items = new ItemIndex();
    private final PoolIndex pools = new PoolIndex();
    private final Wants wants = new Wants();

    /** Adds a ticket, in whatever order; throws {@link CorruptRecordException} where its position is taken. */
    public void add(Ticket ticket) {
        Live added = new Live(ticket, wants.of(ticket.wants()));
        Live other = live.putIfAbsent(ticket.position(), added);
        if (other != null) {
            throw new CorruptRecordException(
                    ticket.id(),
                    "two tickets are numbered " + ticket.id() + ": " + other.ticket + " and " + ticket,
                    null);
        }
        counts.merge(ticket.owner(), 1, Integer::sum);
        for (Want want : added.wants) {
            items.add(want, ticket);
        }
        pools.add(ticket);
    }

    /** Removes and returns the ticket at a position, or returns null where there is none. */
    public @Nullable Ticket remove(long position) {
        Live removed = live.remove(position);
        if (removed == null) {
            return null;
        }
        Ticket ticket = removed.ticket;
        counts.computeIfPresent(ticket.owner(), (owner, count) -> count == 1 ? null : count - 1);
        for (Want want : removed.wants) {
            items.remove(want, ticket);
        }
        pools.remove(ticket);
        return ticket;
    }

    /** The ticket at a position, or null. */
    public @Nullable Ticket get(long position) {
        Live found = live.get(position);
        return found == null ? null : found.ticket;
    }

    /** All live tickets, earliest first; a copy. */
    public List<Ticket> all() {
        List<Ticket> all = new ArrayList<>(live.size());
        live.values().forEach(each -> all.add(each.ticket));
        return Collections.unmodifiableList(all);
    }

    /** How many tickets are live. */
    public int size() {
        return live.size();
    }

    /** How many live tickets an owner has. */
    public int count(Owner owner) {
        return counts.getOrDefault(owner, 0);
    }

    /** Refuses another ticket of an owner with {@link LimitExceededException} when the owner or the space has its full number. */
    public void checkQuota(Owner owner) {
        if (count(owner) >= Limits.TICKETS_PER_SESSION) {
            throw new LimitExceededException(
                    owner,
                    owner + " has " + Limits.TICKETS_PER_SESSION
                            + " live lock requests, the most one may have; release some, or lock a tree or glob");
        }
        if (size() >= Limits.TICKETS_PER_SPACE) {
            throw new LimitExceededException(
                    owner,
                    "the space has " + Limits.TICKETS_PER_SPACE
                            + " live lock requests, the most it may have; wait until others release theirs");
        }
    }

    /**
     * The earlier tickets that stand in a ticket's way, earliest first; empty when it is granted. Conflicting tickets of other owners,
     * and where a pool has too few permits left, every earlier ticket of that pool. The ticket need not be in the table.
     *
     * @throws PoolMismatchException if it states another capacity than the earliest ticket of a pool
     */
    public List<Ticket> blockersOf(Ticket ticket) {
        List<Ticket> blockers = new ArrayList<>();
        forEachOverlapping(ticket, (queue, mode) -> queue.forEachBlocker(ticket, mode, blockers::add));
        pools.forEachBlocker(ticket, blockers::add);
        return ascending(blockers);
    }

    /** Each once; mostly they are in order already. */
    private static List<Ticket> ascending(List<Ticket> tickets) {
        Collections.sort(tickets);
        List<Ticket> each = new ArrayList<>(tickets.size());
        for (Ticket ticket : tickets) {
            if (each.isEmpty() || each.get(each.size() - 1).position() != ticket.position()) {
                each.add(ticket);
            }
        }
        return Collections.unmodifiableList(each);
    }

    /** The blockers of a request if it were placed now, behind all others; places nothing. Throws as {@link #blockersOf(Ticket)}. */
    public List<Ticket> blockersOf(Owner owner, LockRequest wants) {
        return blockersOf(new Ticket(Long.MAX_VALUE, 0, owner, 0, wants, Instant.EPOCH));
    }

    /** Whether nothing stands in a ticket's way; throws as {@link #blockersOf(Ticket)}. The ticket need not be in the table. */
    public boolean isGranted(Ticket ticket) {
        return !pools.blocks(ticket) && !anyOverlapping(ticket, (queue, mode) -> queue.blocks(ticket, mode));
    }

    /** Whether a later ticket may wait for a ticket, also one that waits for others besides. */
    public boolean isInTheWay(Ticket ticket) {
        return pools.hasLater(ticket) || anyOverlapping(ticket, (queue, mode) -> queue.isBlockedBy(ticket, mode));
    }

    /**
     * The tickets, earliest first, that were not granted while a ticket, removed since, was in the table, and are granted now. Only
     * later tickets that conflict with it are looked at.
     */
    public List<Ticket> admittedBy(Ticket removed) {
        Set<Ticket> blocked = new TreeSet<>();
        forEachOverlapping(removed, (queue, mode) -> queue.forEachBlocked(removed, mode, blocked::add));
        Set<Ticket> pooled = new TreeSet<>();
        pools.forEachBlocked(removed, pooled::add);
        keepGranted(blocked);
        keepGranted(pooled);
        blocked.addAll(withoutGrantedBeside(removed, pooled));
        return List.copyOf(blocked);
    }

    /**
     * The tickets, earliest first, that waited for an item of one that was removed and still wait for others; those behind the next are
     * left out.
     */
    public List<Ticket> stillBlockedAfter(Ticket removed) {
        Set<Ticket> next = new TreeSet<>();
        // Who holds beside the removed, as his session does or did before that was bound to a task, may have let go by
        // now himself.
        boolean ofTask = removed.owner().kind() == Owner.Kind.TASK;
        Predicate<Ticket> mayHold = ticket -> ticket.owner().equals(removed.owner()) || (ofTask && isGrantable(ticket));
        forEachOverlapping(removed, (queue, mode) -> queue.forEachNext(removed, mode, mayHold, next::add));
        pools.forEachBlocked(removed, ticket -> {
            if (!ticket.wants().items().isEmpty()) {
                next.add(ticket);
            }
        });
        next.removeIf(this::isGrantable);
        return List.copyOf(next);
    }

    private void forEachOverlapping(Ticket ticket, BiConsumer<ItemQueue, Mode> action) {
        anyOverlapping(ticket, (queue, mode) -> {
            action.accept(queue, mode);
            return false;
        });
    }

    private boolean anyOverlapping(Ticket ticket, BiPredicate<ItemQueue, Mode> condition) {
        for (Want want : wantsOf(ticket)) {
            if (items.anyOverlapping(want, queue -> condition.test(queue, want.mode()))) {
                return true;
            }
        }
        return false;
    }

    /** The tickets, earliest first, that would be granted if one that is in the table were not. */
    public List<Ticket> nextAfter(Ticket live) {
        if (remove(live.position()) == null) {
            return List.of();
        }
        try {
            return admittedBy(live);
        } finally {
            add(live);
        }
    }

    /** Forgets all tickets. */
    public void clear() {
        live.clear();
        counts.clear();
        items.clear();
        pools.clear();
    }

    /** The earliest ticket, of whatever owner and granted or not, that asks for all of an item at least in its mode; or null. */
    @Nullable Ticket coverOf(Want want) {
        return earliest(want, queue -> queue.want().covers(want) ? queue.first(want.mode()) : null);
    }

    /** The earliest ticket, of whatever owner and granted or not, that asks to share something of an item; or null. */
    @Nullable Ticket sharedOverlapOf(Want want) {
        return earliest(want, ItemQueue::firstShared);
    }

    private @Nullable Ticket earliest(Want want, Function<ItemQueue, @Nullable Ticket> choice) {
        NavigableSet<Ticket> found = new TreeSet<>();
        items.anyOverlapping(want, queue -> {
            Ticket chosen = choice.apply(queue);
            if (chosen != null) {
                found.add(chosen);
            }
            return false;
        });
        return found.isEmpty() ? null : found.first();
    }

    /** What a request asks for, read once for a request that comes again. */
    List<Want> wantsOf(LockRequest request) {
        return wants.of(request);
    }

    private List<Want> wantsOf(Ticket ticket) {
        Live found = live.get(ticket.position());
        return found != null && found.ticket.wants().equals(ticket.wants()) ? found.wants : wants.of(ticket.wants());
    }

    private void keepGranted(Set<Ticket> tickets) {
        tickets.removeIf(ticket -> !isGrantable(ticket));
    }

    /** Permits may have sufficed even with the removed ticket, which only its return can tell. */
    private Set<Ticket> withoutGrantedBeside(Ticket removed, Set<Ticket> granted) {
        if (!granted.isEmpty()) {
            Ticket successor = remove(removed.position());
            add(removed);
            granted.removeIf(this::isGrantable);
            remove(removed.position());
            if (successor != null) {
                add(successor);
            }
        }
        return granted;
    }

    private boolean isGrantable(Ticket ticket) {
        try {
            return isGranted(ticket);
        } catch (PoolMismatchException e) {
            return false;
        }
    }

    private record Live(Ticket ticket, List<Want> wants) {}
}
