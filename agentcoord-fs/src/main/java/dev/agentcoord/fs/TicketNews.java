package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Up to which change this process knows the {@link LiveTickets}, and how it catches up with the rest: from the changes announced since, or
 * from a listing when those are no longer known.
 */
final class TicketNews {
    private final TicketFiles files;
    private final LiveTickets live;
    private final Unannounced unannounced;
    private long seen = -1;

    TicketNews(TicketFiles files, LiveTickets live, Unannounced unannounced) {
        this.files = files;
        this.live = live;
        this.unannounced = unannounced;
    }

    boolean isCurrent(Turn turn) {
        return turn.change() == seen;
    }

    /** The live tickets are by now what the latest change has made of them. */
    void caughtUp(Turn turn) {
        seen = turn.change();
    }

    /** Before a change that may fail half way: unless it is caught up with then, the names are listed. */
    void doubt() {
        seen = -1;
    }

    /** Whether nothing was announced of a ticket that this process has not caught up with. */
    boolean knowsAllTickets(Turn turn) {
        List<Change> news = since(turn);
        return news != null && news.stream().noneMatch(Change::isOfTicket);
    }

    private @Nullable List<Change> since(Turn turn) {
        return seen < 0 ? null : turn.since(seen);
    }

    /** Catches up; returns the tasks that own tickets and may have ended, whose tickets are void then. */
    Set<Owner> catchUp(Turn turn) throws IOException {
        List<Change> news = since(turn);
        if (news == null) {
            list(turn);
            return tasks();
        }
        apply(news);
        return tasksMovedBy(news);
    }

    private Set<Owner> tasks() {
        Set<Owner> tasks = new LinkedHashSet<>();
        for (Ticket ticket : live.table().all()) {
            if (ticket.owner().kind() == Owner.Kind.TASK) {
                tasks.add(ticket.owner());
            }
        }
        return tasks;
    }

    private Set<Owner> tasksMovedBy(List<Change> news) {
        Set<Owner> tasks = new LinkedHashSet<>();
        for (Change change : news) {
            if (change.kind() == Change.Kind.QUEUE) {
                Owner task = new Owner(Owner.Kind.TASK, taskIn(change.name()));
                if (live.table().count(task) > 0) {
                    tasks.add(task);
                }
            }
        }
        return tasks;
    }

    /** Of a change of a queue: {@code queue/task}, then where the task went. */
    private static String taskIn(String change) {
        int end = change.indexOf(' ');
        return end < 0 ? change : change.substring(0, end);
    }

    private void list(Turn turn) throws IOException {
        live.clear();
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
        if (live.table().count(ended) > 0) {
            for (Ticket ticket : live.table().all()) {
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
        Ticket known = live.table().get(position);
        if (known != null && !seemsThere(known)) {
            live.drop(position);
        }
    }

    private boolean seemsThere(Ticket known) throws IOException {
        return files.path(files.nameOf(known)).toFile().exists() && files.isGenuine(known);
    }

    private void add(long position, String name) throws IOException {
        Ticket known = live.table().get(position);
        if (known != null && !givesWay(known, name)) {
            return;
        }
        Ticket ticket = files.read(name);
        if (ticket != null) {
            live.addUnproven(ticket);
        }
    }

    /**
     * Whether a ticket that is known makes room for another name of its position: it was bound since, or is forged. Of two that seem to be
     * live neither may be left out, for it could be somebody's lock.
     */
    private boolean givesWay(Ticket known, String name) throws IOException {
        if (files.nameOf(known).equals(name)) {
            return false;
        }
        if (!files.isGenuine(known)) {
            live.drop(known.position());
            return true;
        }
        Ticket other = files.read(name);
        if (other == null || !files.isGenuine(other)) {
            return false;
        }
        throw new CorruptRecordException(
                files.path(name),
                files.path(name) + " has the position of " + files.path(files.nameOf(known))
                        + ": one of them is forged; nothing is granted until its owner or root has removed it",
                null);
    }
}
