package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The live tickets as this process remembers them. Brought up to date at the start of each turn from the changes announced since, or
 * from a listing when those are no longer known. That a name is genuine is asked of the file system only when something depends on it:
 * most tickets of others come and go without ever standing in anybody's way here. Used inside the section only.
 */
final class TicketBook {
    private final TicketFiles files;
    private final Fate fate;
    private final Set<Owner> dead = new HashSet<>();
    private final Set<Long> unproven = new HashSet<>();
    private final Unannounced unannounced = new Unannounced();
    private TicketTable table = new TicketTable();
    private long seen = -1;

    TicketBook(TicketFiles files, Fate fate) {
        this.files = files;
        this.fate = fate;
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
        proveAll();
        return table.all();
    }

    /** The live ticket at a position, or null. */
    @Nullable Ticket get(Turn turn, long position) throws IOException {
        update(turn);
        Ticket ticket = table.get(position);
        return ticket != null && isProven(ticket) ? ticket : null;
    }

    /** The live tickets of an owner, earliest first. */
    List<Ticket> of(Turn turn, Owner owner) throws IOException {
        update(turn);
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
    List<Ticket> blockersOf(Turn turn, Ticket ticket) throws IOException {
        update(turn);
        while (true) {
            List<Ticket> blockers = unlessForged(() -> table.blockersOf(ticket));
            if (blockers.isEmpty() || isProven(blockers.get(0))) {
                return blockers;
            }
        }
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
        return ticket.equals(table.get(ticket.position()))
                && isForNobody(ticket)
                && knowsAllTickets(turn)
                && turn.isUpToDate()
                && dropUnannounced(ticket, name);
    }

    private boolean knowsAllTickets(Turn turn) {
        List<Change> news = seen < 0 ? null : turn.since(seen);
        return news != null && news.stream().noneMatch(Change::isOfTicket);
    }

    private boolean isForNobody(Ticket ticket) {
        return ticket.owner().kind() == Owner.Kind.SESSION
                && ticket.wants().permits().isEmpty()
                && !table.isInTheWay(ticket);
    }

    private boolean dropUnannounced(Ticket ticket, String name) {
        return unannounced.keep(name) && drop(ticket.position()) != null;
    }

    /** Announces what was let go of and not announced yet. */
    void announceRest(Turn turn) throws IOException {
        if (!unannounced.isEmpty()) {
            boolean isCurrent = seen == turn.change();
            unannounced.announce(turn, List.of());
            seen = isCurrent ? turn.change() : seen;
        }
    }

    /** Whether nothing is in a ticket's way. A session lets go of its own without entering: what seems to be in the way may be gone. */
    boolean isGranted(Turn turn, Ticket ticket) throws IOException {
        List<Ticket> gone = new ArrayList<>();
        for (Ticket blocker : blockersOf(turn, ticket)) {
            if (!isThere(blocker)) {
                gone.add(blocker);
            }
        }
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
        Ticket live = get(turn, position);
        return live != null && isThere(live) ? live : null;
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
        return table.nextAfter(only).contains(ticket) ? only : null;
    }

    /** The first that would be granted if the one ticket were gone that has just been let in; null where there is none, or several were. */
    @Nullable Ticket nextAfter(List<Ticket> admitted) {
        List<Ticket> next = admitted.size() == 1 ? table.nextAfter(admitted.get(0)) : List.of();
        return next.isEmpty() ? null : next.get(0);
    }

    /** Those let in by the end of a ticket that somebody else has found gone. */
    List<Ticket> admittedBy(Turn turn, Ticket gone) throws IOException {
        List<Ticket> blocked = table.stillBlockedAfter(gone);
        if (blocked.isEmpty()) {
            return table.admittedBy(gone);
        }
        Set<Ticket> admitted = new TreeSet<>(table.admittedBy(gone));
        // Whoever came while nobody knew of another that was let go of without a word waits for this one alone.
        for (Ticket waiting : blocked) {
            if (!isHeldUp(turn, waiting, admitted)) {
                admitted.add(waiting);
            }
        }
        return List.copyOf(admitted);
    }

    /** Refuses another ticket of an owner who has enough of them, as {@link TicketTable#checkQuota}. */
    void checkQuota(Turn turn, Owner owner) throws IOException {
        update(turn);
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

    private void update(Turn turn) throws IOException {
        if (turn.change() != seen) {
            List<Change> news = seen < 0 ? null : turn.since(seen);
            if (news == null) {
                list(turn);
            } else {
                apply(news);
            }
            dropVoid(turn, news);
            seen = turn.change();
        }
    }

    /** Announces, makes the name and enters it in the table. */
    void add(Turn turn, Ticket ticket, String name, Path linkTo) throws IOException {
        seen = -1;
        unannounced.announce(turn, List.of(new Change(Change.Kind.TICKET_ADDED, name)));
        Files.createLink(files.path(name), linkTo);
        table.add(ticket);
        seen = turn.change();
    }

    /** Announces, removes the name and takes it out of the table; returns those it lets in. */
    List<Ticket> remove(Turn turn, Ticket ticket) throws IOException {
        unlink(turn, ticket);
        return forget(turn, ticket);
    }

    /** As {@link #remove}; empty where the name was gone already, whose session then tells those it lets in. */
    Optional<List<Ticket>> steal(Turn turn, Ticket ticket) throws IOException {
        boolean stolen = unlink(turn, ticket);
        List<Ticket> admitted = forget(turn, ticket);
        return stolen ? Optional.of(admitted) : Optional.empty();
    }

    private boolean unlink(Turn turn, Ticket ticket) throws IOException {
        seen = -1;
        turn.announce(Change.Kind.TICKET_REMOVED, files.nameOf(ticket));
        boolean unlinked = Disk.unlink(path(ticket));
        seen = turn.change();
        return unlinked;
    }

    /** Announces that a ticket's name has gone already and takes it out of the table; returns those it lets in. */
    List<Ticket> removed(Turn turn, Ticket ticket) throws IOException {
        seen = -1;
        turn.announce(Change.Kind.TICKET_REMOVED, files.nameOf(ticket));
        seen = turn.change();
        return forget(turn, ticket);
    }

    /**
     * Announces, then renames a session's ticket to the one of a task that it has become. A body is what the new name does not say;
     * it takes the place of the session's record under the old name first, until it is renamed as well or that has failed.
     */
    void bind(Turn turn, Ticket before, Ticket bound, @Nullable Path body) throws IOException {
        seen = -1;
        Path old = files.path(files.nameOf(before));
        String name = files.nameOf(bound);
        if (body == null) {
            turn.announce(Change.Kind.TICKET_BOUND, name);
            Files.move(old, files.path(name), StandardCopyOption.ATOMIC_MOVE);
        } else {
            bindWithBody(turn, old, name, body);
        }
        drop(before.position());
        table.add(bound);
        seen = turn.change();
    }

    private void bindWithBody(Turn turn, Path old, String name, Path body) throws IOException {
        Path record = body.resolveSibling(body.getFileName() + "~record");
        Files.createLink(record, old);
        try {
            Files.move(body, old, StandardCopyOption.ATOMIC_MOVE);
            turn.announce(Change.Kind.TICKET_BOUND, name);
            Files.move(old, files.path(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            // As its session's record it is the session's again.
            Files.move(record, old, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        } finally {
            Disk.discard(record);
        }
    }

    /** Removes what a task left that has ended: whoever ended it may have died before it had removed all. */
    private void dropVoid(Turn turn, @Nullable List<Change> news) throws IOException {
        Set<Owner> doubtful = new LinkedHashSet<>();
        if (news == null) {
            table.all().stream()
                    .map(Ticket::owner)
                    .filter(owner -> owner.kind() == Owner.Kind.TASK)
                    .forEach(doubtful::add);
        } else {
            for (Change change : news) {
                if (change.kind() == Change.Kind.QUEUE) {
                    Owner task = new Owner(Owner.Kind.TASK, taskIn(change.name()));
                    if (table.count(task) > 0) {
                        doubtful.add(task);
                    }
                }
            }
        }
        for (Owner task : doubtful) {
            if (fate.isOver(task)) {
                for (Ticket ticket : table.all()) {
                    if (ticket.owner().equals(task)) {
                        remove(turn, ticket);
                    }
                }
            }
        }
    }

    /** Of a change of a queue: {@code queue/task}, then where the task went. */
    private static String taskIn(String change) {
        int end = change.indexOf(' ');
        return end < 0 ? change : change.substring(0, end);
    }

    /** Takes a ticket out of the table whose name is gone, or stays although it is void; returns whom that lets in. */
    List<Ticket> forget(Turn turn, Ticket ticket) throws IOException {
        if (!ticket.equals(table.get(ticket.position()))) {
            return List.of();
        }
        drop(ticket.position());
        return admittedBy(turn, ticket);
    }

    /** Whether something is in the way of a ticket that is there, once what is gone is out of its way; adds whom that lets in. */
    private boolean isHeldUp(Turn turn, Ticket ticket, Set<Ticket> admitted) throws IOException {
        try {
            while (!table.isGranted(ticket)) {
                for (Ticket blocker : decisive(ticket.wants(), blockersOf(turn, ticket))) {
                    if (isThere(blocker)) {
                        return true;
                    }
                    dropUnannounced(turn, blocker);
                    admitted.addAll(table.admittedBy(blocker));
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

    /** Never again counts tickets of an owner proven dead, even where their names stay. */
    void ignore(Owner owner) {
        dead.add(owner);
    }

    private void list(Turn turn) throws IOException {
        table = new TicketTable();
        unproven.clear();
        for (String name : files.list()) {
            long position = TicketFiles.positionOf(name);
            if (position < 0) {
                continue;
            }
            if (position > turn.floor()) {
                add(position, name);
            } else {
                // Of an earlier boot and void for everyone; swept by whoever may.
                files.path(name).toFile().delete();
            }
        }
    }

    /**
     * Only the last change of a name counts: most that came have gone again, and a correction says the opposite of what it corrects. Anybody
     * in the group can announce, so a ticket that is known is only forgotten once its own name is gone.
     */
    private void apply(List<Change> news) throws IOException {
        Map<String, Change> last = new HashMap<>(2 * news.size());
        Set<Long> met = new HashSet<>(2 * news.size());
        for (Change change : news) {
            if (change.kind() == Change.Kind.SESSION_ENDED) {
                dropGoneOf(new Owner(Owner.Kind.SESSION, change.name()));
            }
            long position = change.isOfTicket() ? TicketFiles.positionOf(change.name()) : -1;
            if (position < 0 || isUndone(change)) {
                continue;
            }
            last.put(change.name(), change);
            if (!met.add(position) || change.kind() == Change.Kind.TICKET_BOUND) {
                // A ticket that comes again may have another name at the same position.
                dropIfGone(position);
            }
        }
        for (Change latest : last.values()) {
            long position = TicketFiles.positionOf(latest.name());
            if (latest.kind() == Change.Kind.TICKET_REMOVED) {
                unannounced.heard(latest);
                dropIfGone(position);
            } else {
                add(position, latest.name());
            }
        }
    }

    /** What it let go of without a word, whoever ends it need not know. */
    private void dropGoneOf(Owner ended) throws IOException {
        if (table.count(ended) > 0) {
            for (Ticket ticket : table.all()) {
                if (ticket.owner().equals(ended)) {
                    dropIfGone(ticket.position());
                }
            }
        }
    }

    /** Whether a ticket was not bound after all, or is gone since, as a later change says: a name never comes twice. */
    private boolean isUndone(Change change) throws IOException {
        return change.kind() == Change.Kind.TICKET_BOUND && !Disk.isThere(files.path(change.name()));
    }

    /** By a look that takes a failed disk for a no, as what was announced says no already: the exact one costs an exception each time. */
    private void dropIfGone(long position) throws IOException {
        Ticket known = table.get(position);
        if (known != null && !seemsThere(known)) {
            drop(position);
        }
    }

    private boolean seemsThere(Ticket known) throws IOException {
        return path(known).toFile().exists() && isThere(known);
    }

    /**
     * Whether a ticket that is known makes room for another name of its position: it was bound since, or is forged. Of two that seem to be
     * live neither may be left out, for it could be somebody's lock.
     */
    private boolean givesWay(Ticket known, String name) throws IOException {
        if (files.nameOf(known).equals(name)) {
            return false;
        }
        if (!isThere(known)) {
            drop(known.position());
            return true;
        }
        Ticket other = files.read(name);
        if (other == null || !isThere(other)) {
            return false;
        }
        throw new CorruptRecordException(
                files.path(name),
                files.path(name) + " has the position of " + path(known)
                        + ": one of them is forged; nothing is granted until its owner or root has removed it",
                null);
    }

    private @Nullable Ticket drop(long position) {
        unproven.remove(position);
        return table.remove(position);
    }

    private void add(long position, String name) throws IOException {
        Ticket known = table.get(position);
        if (known != null && !givesWay(known, name)) {
            return;
        }
        @Nullable Ticket ticket = files.read(name);
        if (ticket != null && !dead.contains(ticket.owner())) {
            table.add(ticket);
            unproven.add(ticket.position());
        }
    }
}
