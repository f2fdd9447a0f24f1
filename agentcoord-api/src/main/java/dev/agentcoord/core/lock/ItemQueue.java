package dev.agentcoord.core.lock;

import dev.agentcoord.Mode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The live tickets that name one and the same item, earliest first. */
final class ItemQueue {
    private final Want want;
    private final List<Ticket> exclusive = new ArrayList<>(1);
    private final List<Ticket> shared = new ArrayList<>(0);

    ItemQueue(Want want) {
        this.want = want;
    }

    /** The item that all of them name; its mode is that of whoever came first and says nothing. */
    Want want() {
        return want;
    }

    void add(Ticket ticket, Mode mode) {
        List<Ticket> tickets = tickets(mode);
        int at = Collections.binarySearch(tickets, ticket);
        tickets.add(at < 0 ? -at - 1 : at, ticket);
    }

    void remove(Ticket ticket, Mode mode) {
        List<Ticket> tickets = tickets(mode);
        int at = Collections.binarySearch(tickets, ticket);
        if (at >= 0) {
            tickets.remove(at);
        }
    }

    boolean isEmpty() {
        return exclusive.isEmpty() && shared.isEmpty();
    }

    /** The earliest ticket that holds the item at least in a mode, or null. */
    @Nullable Ticket first(Mode mode) {
        Ticket writer = exclusive.isEmpty() ? null : exclusive.get(0);
        Ticket reader = mode == Mode.EXCLUSIVE || shared.isEmpty() ? null : shared.get(0);
        if (writer == null || reader == null) {
            return writer == null ? reader : writer;
        }
        return writer.compareTo(reader) < 0 ? writer : reader;
    }

    /** The earliest ticket that holds the item shared, or null. */
    @Nullable Ticket firstShared() {
        return shared.isEmpty() ? null : shared.get(0);
    }

    /** Whether an earlier ticket of another owner stands in the way of a ticket that holds an overlapping item in a mode. */
    boolean blocks(Ticket ticket, Mode mode) {
        return blocks(exclusive, ticket) || (mode == Mode.EXCLUSIVE && blocks(shared, ticket));
    }

    /** All that {@link #blocks} finds. */
    void forEachBlocker(Ticket ticket, Mode mode, Consumer<Ticket> action) {
        forEachBlocker(exclusive, ticket, action);
        if (mode == Mode.EXCLUSIVE) {
            forEachBlocker(shared, ticket, action);
        }
    }

    /** The later tickets of other owners that a ticket in a mode blocks, without those that others here block anyway. */
    void forEachBlocked(Ticket ticket, Mode mode, Consumer<Ticket> action) {
        forEachBlocked(ticket, mode, firstThatCannotBeGranted(0), action);
    }

    /** The same, without those alone that one blocks which the ticket blocks as well: earlier ones here may be gone by now. */
    void forEachNext(Ticket ticket, Mode mode, Predicate<Ticket> mayHold, Consumer<Ticket> action) {
        int from = firstAfter(exclusive, ticket);
        while (from < exclusive.size() && mayHold.test(exclusive.get(from))) {
            from++;
        }
        forEachBlocked(ticket, mode, firstThatCannotBeGranted(from), action);
    }

    private void forEachBlocked(Ticket ticket, Mode mode, long end, Consumer<Ticket> action) {
        forEachBlocked(exclusive, ticket, end, action);
        if (mode == Mode.EXCLUSIVE) {
            forEachBlocked(shared, ticket, end, action);
        }
    }

    /** The second of two owners to ask exclusively, from one on, waits for the first, and whoever comes behind for at least one of them. */
    private long firstThatCannotBeGranted(int from) {
        for (int i = from + 1; i < exclusive.size(); i++) {
            if (!exclusive.get(i).owner().equals(exclusive.get(from).owner())) {
                return exclusive.get(i).position();
            }
        }
        return Long.MAX_VALUE;
    }

    private static int firstAfter(List<Ticket> tickets, Ticket ticket) {
        int at = Collections.binarySearch(tickets, ticket);
        return at < 0 ? -at - 1 : at + 1;
    }

    /** Whether a later ticket of another owner waits for a ticket that holds an overlapping item in a mode. */
    boolean isBlockedBy(Ticket ticket, Mode mode) {
        return hasLater(exclusive, ticket) || (mode == Mode.EXCLUSIVE && hasLater(shared, ticket));
    }

    private List<Ticket> tickets(Mode mode) {
        return mode == Mode.EXCLUSIVE ? exclusive : shared;
    }

    private static boolean blocks(List<Ticket> tickets, Ticket ticket) {
        for (Ticket earlier : tickets) {
            if (earlier.position() >= ticket.position()) {
                return false;
            }
            if (!earlier.owner().equals(ticket.owner())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasLater(List<Ticket> tickets, Ticket ticket) {
        for (int i = tickets.size() - 1; i >= 0 && tickets.get(i).position() > ticket.position(); i--) {
            if (!tickets.get(i).owner().equals(ticket.owner())) {
                return true;
            }
        }
        return false;
    }

    private static void forEachBlocker(List<Ticket> tickets, Ticket ticket, Consumer<Ticket> action) {
        for (Ticket earlier : tickets) {
            if (earlier.position() >= ticket.position()) {
                return;
            }
            if (!earlier.owner().equals(ticket.owner())) {
                action.accept(earlier);
            }
        }
    }

    private static void forEachBlocked(List<Ticket> tickets, Ticket ticket, long end, Consumer<Ticket> action) {
        for (int i = firstAfter(tickets, ticket); i < tickets.size(); i++) {
            Ticket later = tickets.get(i);
            if (later.position() >= end) {
                return;
            }
            if (!later.owner().equals(ticket.owner())) {
                action.accept(later);
            }
        }
    }
}
