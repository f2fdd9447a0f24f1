package dev.agentcoord.fs;

import dev.agentcoord.LimitExceededException;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tickets that count as live, as far as this process knows, and which of them are proven. That a name is genuine is asked of the file
 * system only when something depends on it: most tickets of others come and go without ever standing in anybody's way here.
 */
final class LiveTickets {
    private final TicketFiles files;
    private final Set<Owner> dead = new HashSet<>();
    private final Set<Long> unproven = new HashSet<>();
    private TicketTable table = new TicketTable();

    LiveTickets(TicketFiles files) {
        this.files = files;
    }

    /** All of them, whether proven or not. Whoever adds or takes away for good does so by this class. */
    TicketTable table() {
        return table;
    }

    /** All, earliest first, each of them genuine. */
    List<Ticket> all() throws IOException {
        proveAll();
        return table.all();
    }

    /** The genuine one at a position, or null. */
    @Nullable Ticket get(long position) throws IOException {
        Ticket ticket = table.get(position);
        return ticket != null && isProven(ticket) ? ticket : null;
    }

    /** The genuine ones of an owner, earliest first. */
    List<Ticket> of(Owner owner) throws IOException {
        List<Ticket> own = new ArrayList<>();
        if (table.count(owner) > 0) {
            for (Ticket ticket : table.all()) {
                if (ticket.owner().equals(owner) && isProven(ticket)) {
                    own.add(ticket);
                }
            }
        }
        return own;
    }

    /** What stands in a ticket's way, as {@link TicketTable#blockersOf(Ticket)}; the first of them is genuine. */
    List<Ticket> blockersOf(Ticket ticket) throws IOException {
        while (true) {
            List<Ticket> blockers = unlessForged(() -> table.blockersOf(ticket));
            if (blockers.isEmpty() || isProven(blockers.get(0))) {
                return blockers;
            }
        }
    }

    /** Refuses another ticket of an owner who has enough of them, as {@link TicketTable#checkQuota}. */
    void checkQuota(Owner owner) throws IOException {
        unlessForged(() -> {
            table.checkQuota(owner);
            return owner;
        });
    }

    /** What the table says; where it objects, once more without the forged tickets it may have objected to. */
    private <T> T unlessForged(Supplier<T> question) throws IOException {
        try {
            return question.get();
        } catch (PoolMismatchException | LimitExceededException e) {
            if (unproven.isEmpty()) {
                throw e;
            }
            proveAll();
            return question.get();
        }
    }

    private void proveAll() throws IOException {
        for (long position : List.copyOf(unproven)) {
            Ticket ticket = table.get(position);
            if (ticket != null) {
                isProven(ticket);
            }
        }
        unproven.clear();
    }

    /** False for a ticket that is not genuine; it counts no longer. */
    private boolean isProven(Ticket ticket) throws IOException {
        if (unproven.contains(ticket.position())) {
            boolean genuine = files.isGenuine(ticket);
            unproven.remove(ticket.position());
            if (!genuine) {
                table.remove(ticket.position());
            }
            return genuine;
        }
        return true;
    }

    /** Adds one that this process has made, so that it needs no proof. */
    void add(Ticket ticket) {
        table.add(ticket);
    }

    /** Adds one that a name tells of. */
    void addUnproven(Ticket ticket) {
        if (!dead.contains(ticket.owner())) {
            table.add(ticket);
            unproven.add(ticket.position());
        }
    }

    /** Removes and returns the one at a position; null where there is none. */
    @Nullable Ticket drop(long position) {
        unproven.remove(position);
        return table.remove(position);
    }

    /** Forgets all but who is dead. */
    void clear() {
        table = new TicketTable();
        unproven.clear();
    }

    /** Never again counts tickets of an owner proven dead, even where their names stay. */
    void ignore(Owner owner) {
        dead.add(owner);
    }
}
