package dev.agentcoord.fs;

import dev.agentcoord.LockRequest;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a turn asks of the live tickets and does with them: who is in whose way, who is let in, and by what. They are brought up to date at
 * the start of each turn. Used inside the section only.
 */
final class TicketBook {
    private final TicketFiles files;
    private final Fate fate;
    private final Unannounced unannounced = new Unannounced();
    private final LiveTickets live;
    private final TicketNews news;
    private final NameChanges names;

    TicketBook(TicketFiles files, Fate fate) {
        this.files = files;
        this.fate = fate;
        this.live = new LiveTickets(files);
        this.news = new TicketNews(files, live, unannounced);
        this.names = new NameChanges(files, live, news, unannounced);
    }

    /** What has become of a task that owns tickets. */
    @FunctionalInterface
    interface Fate {
        /** Whether it has ended, so that its tickets are void. */
        boolean isOver(Owner task) throws IOException;
    }

    /** All live tickets, earliest first, each of them genuine. */
    List<Ticket> all(Turn turn) throws IOException {
        update(turn);
        return live.all();
    }

    /** The live ticket at a position, or null. */
    @Nullable Ticket get(Turn turn, long position) throws IOException {
        update(turn);
        return live.get(position);
    }

    /** The live tickets of an owner, earliest first. */
    List<Ticket> of(Turn turn, Owner owner) throws IOException {
        update(turn);
        return live.of(owner);
    }

    /** What stands in a ticket's way, as {@link LiveTickets#blockersOf}. */
    List<Ticket> blockersOf(Turn turn, Ticket ticket) throws IOException {
        update(turn);
        return live.blockersOf(ticket);
    }

    /** The same, once those are out of its way that were let go of and that nobody waits for, as far as a look at the decisive ones tells. */
    List<Ticket> blockersThereOf(Turn turn, Ticket ticket) throws IOException {
        while (true) {
            List<Ticket> blockers = blockersOf(turn, ticket);
            boolean any = false;
            for (Ticket blocker : decisive(ticket.wants(), blockers)) {
                any |= isForNobody(blocker) && !isThere(blocker) && dropUnannounced(blocker, files.nameOf(blocker));
            }
            if (!any) {
                return blockers;
            }
        }
    }

    /** Those whose end may let a request in: of a line the first, but of the holders of permits any. */
    static List<Ticket> decisive(LockRequest wants, List<Ticket> blockers) {
        return blockers.isEmpty() || !wants.permits().isEmpty() ? blockers : blockers.subList(0, 1);
    }

    /**
     * Takes a ticket whose name went out of the table, and leaves the announcement for the next that this process makes. False where
     * somebody may wait for it, who has to hear of it at once; whoever comes later looks for the names of those in his way.
     */
    boolean letGoUnannounced(Turn turn, Ticket ticket, String name) throws IOException {
        return ticket.equals(live.table().get(ticket.position()))
                && isForNobody(ticket)
                && news.knowsAllTickets(turn)
                && turn.isUpToDate()
                && dropUnannounced(ticket, name);
    }

    private boolean isForNobody(Ticket ticket) {
        return ticket.owner().kind() == Owner.Kind.SESSION
                && ticket.wants().permits().isEmpty()
                && !live.table().isInTheWay(ticket);
    }

    private boolean dropUnannounced(Ticket ticket, String name) {
        return unannounced.keep(name) && live.drop(ticket.position()) != null;
    }

    /** Announces what was let go of and not announced yet. */
    void announceRest(Turn turn) throws IOException {
        names.announceRest(turn);
    }

    /** Whether nothing is in a ticket's way. A session lets go of its own without entering: what seems to be in the way may be gone. */
    boolean isGranted(Turn turn, Ticket ticket) throws IOException {
        List<Ticket> gone = new ArrayList<>();
        for (Ticket blocker : blockersOf(turn, ticket)) {
            if (!isThere(blocker)) {
                gone.add(blocker);
            }
        }
        TicketTable table = live.table();
        gone.forEach(each -> table.remove(each.position()));
        try {
            return table.isGranted(ticket);
        } finally {
            gone.forEach(table::add);
        }
    }

    /** Whether the name of a ticket is there, and is its session's. */
    boolean isThere(Ticket ticket) throws IOException {
        return files.isGenuine(ticket);
    }

    /** The live ticket at a position whose name is there, or null. */
    @Nullable Ticket getThere(Turn turn, long position) throws IOException {
        Ticket found = get(turn, position);
        return found != null && isThere(found) ? found : null;
    }

    /** Where the name of a ticket is while it is live. */
    Path path(Ticket ticket) {
        return files.path(files.nameOf(ticket));
    }

    /** The one ticket, of a session, without which another would be granted; null where there is none. */
    @Nullable Ticket onlyBlockerOf(Turn turn, Ticket ticket) throws IOException {
        List<Ticket> blockers = blockersOf(turn, ticket);
        if (blockers.size() != 1 || blockers.get(0).owner().kind() == Owner.Kind.TASK) {
            return null;
        }
        Ticket only = blockers.get(0);
        return live.table().nextAfter(only).contains(ticket) ? only : null;
    }

    /** The first that would be granted if the one ticket were gone that has just been let in; null where there is none, or several were. */
    @Nullable Ticket nextAfter(List<Ticket> admitted) {
        List<Ticket> next = admitted.size() == 1 ? live.table().nextAfter(admitted.get(0)) : List.of();
        return next.isEmpty() ? null : next.get(0);
    }

    /** Those let in by the end of a ticket that somebody else has found gone. */
    List<Ticket> admittedBy(Turn turn, Ticket gone) throws IOException {
        List<Ticket> blocked = live.table().stillBlockedAfter(gone);
        if (blocked.isEmpty()) {
            return live.table().admittedBy(gone);
        }
        Set<Ticket> admitted = new TreeSet<>(live.table().admittedBy(gone));
        // Whoever came while nobody knew of another that was let go of without a word waits for this one alone.
        for (Ticket waiting : blocked) {
            if (!isHeldUp(turn, waiting, admitted)) {
                admitted.add(waiting);
            }
        }
        return List.copyOf(admitted);
    }

    /** Whether something is in the way of a ticket that is there, once what is gone is out of its way; adds whom that lets in. */
    private boolean isHeldUp(Turn turn, Ticket ticket, Set<Ticket> admitted) throws IOException {
        try {
            while (!live.table().isGranted(ticket)) {
                for (Ticket blocker : decisive(ticket.wants(), blockersOf(turn, ticket))) {
                    if (isThere(blocker)) {
                        return true;
                    }
                    dropUnannounced(turn, blocker);
                    admitted.addAll(live.table().admittedBy(blocker));
                }
            }
            return false;
        } catch (PoolMismatchException e) {
            return true;
        }
    }

    private void dropUnannounced(Turn turn, Ticket ticket) throws IOException {
        String name = files.nameOf(ticket);
        if (!dropUnannounced(ticket, name)) {
            announceRest(turn);
            dropUnannounced(ticket, name);
        }
    }

    /** Refuses another ticket of an owner who has enough of them, as {@link TicketTable#checkQuota}. */
    void checkQuota(Turn turn, Owner owner) throws IOException {
        update(turn);
        live.checkQuota(owner);
    }

    private void update(Turn turn) throws IOException {
        if (!news.isCurrent(turn)) {
            dropVoid(turn, news.catchUp(turn));
            news.caughtUp(turn);
        }
    }

    /** Removes what a task left that has ended: whoever ended it may have died before it had removed all. */
    private void dropVoid(Turn turn, Set<Owner> doubtful) throws IOException {
        for (Owner task : doubtful) {
            if (fate.isOver(task)) {
                for (Ticket ticket : live.table().all()) {
                    if (ticket.owner().equals(task)) {
                        remove(turn, ticket);
                    }
                }
            }
        }
    }

    /** Announces, makes the name and enters it in the table. */
    void add(Turn turn, Ticket ticket, String name, Path linkTo) throws IOException {
        names.add(turn, ticket, name, linkTo);
    }

    /** Announces, removes the name and takes it out of the table; returns those it lets in. */
    List<Ticket> remove(Turn turn, Ticket ticket) throws IOException {
        names.remove(turn, ticket);
        return forget(turn, ticket);
    }

    /** As {@link #remove}; empty where the name was gone already, whose session then tells those it lets in. */
    Optional<List<Ticket>> steal(Turn turn, Ticket ticket) throws IOException {
        boolean stolen = names.remove(turn, ticket);
        List<Ticket> admitted = forget(turn, ticket);
        return stolen ? Optional.of(admitted) : Optional.empty();
    }

    /** Announces that a ticket's name has gone already and takes it out of the table; returns those it lets in. */
    List<Ticket> removed(Turn turn, Ticket ticket) throws IOException {
        names.removed(turn, ticket);
        return forget(turn, ticket);
    }

    /** Takes a ticket out of the table whose name is gone, or stays although it is void; returns whom that lets in. */
    List<Ticket> forget(Turn turn, Ticket ticket) throws IOException {
        if (!ticket.equals(live.table().get(ticket.position()))) {
            return List.of();
        }
        live.drop(ticket.position());
        return admittedBy(turn, ticket);
    }

    /** Announces, then renames a session's ticket to the one of a task that it has become, as {@link NameChanges#bind}. */
    void bind(Turn turn, Ticket before, Ticket bound, @Nullable Path body) throws IOException {
        names.bind(turn, before, bound, body);
    }

    /** Never again counts tickets of an owner proven dead, even where their names stay. */
    void ignore(Owner owner) {
        live.ignore(owner);
    }
}
