package dev.agentcoord.fs;

import dev.agentcoord.LossCause;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The tickets of one session, and of the tasks it claims, as this process made or took them over, and what has become of each. Thread-safe. */
final class OwnTickets {
    private final Space space;
    private final FsStoreSession session;
    private final Path record;
    private final Map<Long, OwnTicket> tickets = new ConcurrentHashMap<>();
    private final AtomicLong added = new AtomicLong();
    private volatile @Nullable Object identity;

    OwnTickets(Space space, FsStoreSession session) {
        this.space = space;
        this.session = session;
        this.record = space.sessions().path(session.id());
    }

    @Nullable OwnTicket at(long position) {
        return tickets.get(position);
    }

    Collection<OwnTicket> all() {
        return tickets.values();
    }

    void put(OwnTicket ticket) {
        tickets.put(ticket.position(), ticket);
    }

    /** Forgets a ticket unless it was delivered to this session once more since. */
    void forget(Ticket mine) {
        tickets.computeIfPresent(mine.position(), (at, ticket) -> isOfAnotherDelivery(ticket, mine) ? ticket : null);
    }

    void forget(OwnTicket ticket) {
        tickets.remove(ticket.position(), ticket);
    }

    /**
     * Makes the name of a ticket: a link to the session's record, or to a file with what does not fit the name. Counted before and after:
     * between two looks a new link may have made up for one that was taken away.
     */
    void add(Turn turn, Ticket ticket, String name, @Nullable Path body) throws IOException {
        added.incrementAndGet();
        try {
            space.book().add(turn, ticket, name, body != null ? body : record);
        } finally {
            added.incrementAndGet();
        }
    }

    /** A session's ticket that was bound since is the same still; a task's is another's at each delivery. */
    static boolean isOfAnotherDelivery(OwnTicket known, Ticket mine) {
        return mine.owner().kind() == Owner.Kind.TASK && !known.ticket().equals(mine);
    }

    /** The live ticket that is this one of the session's, or of a task it claims now; null when it has none such any more. */
    @Nullable Ticket live(Turn turn, Ticket mine) throws IOException {
        OwnTicket held = at(mine.position());
        return held != null && held.isLeaving() ? null : liveOrLeaving(turn, mine);
    }

    /** The same, also of one that the session asserts no more. */
    @Nullable Ticket liveOrLeaving(Turn turn, Ticket mine) throws IOException {
        Ticket live = space.book().get(turn, mine.position());
        if (live == null || !live.owner().equals(mine.owner())) {
            return null;
        }
        if (mine.owner().kind() == Owner.Kind.SESSION) {
            return mine.owner().is(session.id()) ? live : null;
        }
        OwnTicket held = at(mine.position());
        Path claim = held == null || isOfAnotherDelivery(held, mine)
                ? null
                : held.place().claim();
        return claim != null && Disk.isThere(claim) ? live : null;
    }

    /** Whether a ticket is one of the session's, or of a task it claims, and granted at this moment; inside the section. */
    boolean isHeld(Turn turn, Ticket mine) throws IOException {
        Ticket live = live(turn, mine);
        return live != null && space.book().isThere(live) && space.book().isGranted(turn, live);
    }

    /** Why a ticket is lost, or null while it is there. */
    @Nullable LossCause lossOf(Ticket mine) {
        LossCause ended = session.lost();
        if (ended != null) {
            return ended;
        }
        OwnTicket ticket = tickets.get(mine.position());
        if (ticket != null && !isOfAnotherDelivery(ticket, mine)) {
            return lossOf(ticket);
        }
        if (mine.owner().kind() == Owner.Kind.TASK) {
            return LossCause.CLAIM_ENDED;
        }
        return isThere(mine) ? null : causeOf(mine);
    }

    private @Nullable LossCause lossOf(OwnTicket ticket) {
        OwnTicket.Place place = ticket.place();
        if (isOwnNameThere(ticket, place)) {
            Path claim = place.claim();
            return claim == null || isThere(claim) ? null : LossCause.CLAIM_ENDED;
        }
        if (ticket.hasLeft(place)) {
            // Bound to a task in this moment: it is one or the other.
            return ticket.place().equals(place) ? null : lossOf(ticket);
        }
        Path claim = place.claim();
        return claim == null || isThere(claim) ? causeOf(place.ticket()) : LossCause.CLAIM_ENDED;
    }

    /** Why a ticket that is not among the live ones any more is gone. */
    private LossCause causeOf(Ticket mine) {
        LossCause ended = session.lost();
        if (ended != null) {
            return ended;
        }
        try {
            return Theft.isMarked(space, session.id(), mine.position()) ? LossCause.STOLEN : LossCause.RESET;
        } catch (IOException e) {
            throw Disk.unavailable(space.layout().sessions(), e);
        }
    }

    /**
     * Most tickets are links to the session's record and not under a claim, so its number of links falls with each that goes. Only this
     * process makes such links, and counts when it does.
     *
     * @param added how often a link was about to be made or was made
     * @param links of the record
     */
    private record Standing(long added, int links) {}

    /** What stays equal as long as none is lost; null where that cannot be said. */
    @Nullable Object standing() {
        long before = added.get();
        try {
            if (session.lost() != null || !areOthersThere()) {
                return null;
            }
            Standing now = new Standing(before, Disk.links(record));
            return added.get() == before ? now : null;
        } catch (IOException e) {
            // The record is gone or cannot be read: looking at each ticket tells what that means.
            return null;
        }
    }

    private boolean areOthersThere() {
        for (OwnTicket ticket : tickets.values()) {
            if (!ticket.isLinkToRecord() && lossOf(ticket) != null) {
                return false;
            }
        }
        return true;
    }

    /** Whether the name of anybody's ticket is there. */
    boolean isThere(Ticket ticket) {
        return isThere(space.book().path(ticket));
    }

    /** Anybody in the group can make a file of that name once it is gone, but only the session links its record. */
    private boolean isOwnNameThere(OwnTicket ticket, OwnTicket.Place place) {
        if (!ticket.isLinkToRecord()) {
            return isThere(place.path());
        }
        return Calls.typed(space.layout().locks(), () -> {
            Object file = Disk.identity(place.path());
            return file != null && file.equals(recordIdentity());
        });
    }

    private @Nullable Object recordIdentity() throws IOException {
        if (identity == null) {
            identity = Disk.identity(record);
        }
        return identity;
    }

    /** Throws when the disk fails: then nothing is lost yet. */
    private boolean isThere(Path path) {
        return Calls.typed(space.layout().locks(), () -> Disk.isThere(path));
    }
}
