package dev.agentcoord.fs;

import dev.agentcoord.Intervention;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketName;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.spi.TicketStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The tickets of one session: placed, decided and removed inside the section, their owners woken outside. */
final class FsTicketStore implements TicketStore {
    private final Space space;
    private final FsStoreSession session;
    private final Owner owner;
    private final Path record;
    private final Map<Long, OwnTicket> own = new ConcurrentHashMap<>();
    private final AtomicLong added = new AtomicLong();

    FsTicketStore(Space space, FsStoreSession session) {
        this.space = space;
        this.session = session;
        this.owner = Owner.session(session.id());
        this.record = space.sessions().path(session.id());
    }

    /**
     * A request on its way into the section.
     *
     * @param blank the ticket but for its position
     * @param hint what to tell of it
     * @param keepBlocked whether it is placed even if it has to wait
     * @param body file with what does not fit a name, or null while that has not shown
     */
    private record Request(
            Ticket blank,
            Runnable hint,
            boolean keepBlocked,
            @Nullable Path body) {}

    @Override
    public Placement place(TicketDraft draft, boolean keepBlocked) {
        Placement placed = placeOnce(draft, keepBlocked);
        try {
            while (placed.verdict() instanceof Verdict.Blocked blocked && sweepBefore(blocked.by(), keepBlocked)) {
                placed =
                        keepBlocked ? new Placement(placed.ticket(), decide(placed.ticket())) : placeOnce(draft, false);
            }
        } catch (StoreUnavailableException e) {
            // A ticket that is in the line by now must be known to whoever asked for it; the patrol looks again.
            if (!keepBlocked) {
                throw e;
            }
        }
        if (keepBlocked && placed.verdict() instanceof Verdict.Blocked) {
            space.patrol().hurry();
        }
        return placed;
    }

    private Placement placeOnce(TicketDraft draft, boolean keepBlocked) {
        Ticket blank = new Ticket(
                0, 0, owner, draft.request(), draft.wants(), space.time().wall().truncatedTo(ChronoUnit.MILLIS));
        return session.inSection(turn -> place(turn, new Request(blank, draft.hint(), keepBlocked, null)))
                .orElseGet(() -> placeWithBody(blank, draft, keepBlocked));
    }

    private Placement placeWithBody(Ticket blank, TicketDraft draft, boolean keepBlocked) {
        try {
            Path body = space.files().writeBody(blank, session.id());
            try {
                return session.inSection(turn -> place(turn, new Request(blank, draft.hint(), keepBlocked, body)))
                        .orElseThrow();
            } finally {
                Disk.discard(body);
            }
        } catch (IOException e) {
            throw Disk.unavailable(space.layout().tmp(), e);
        }
    }

    /** Empty when the ticket does not fit a name and has no body yet. */
    private Optional<Placement> place(Turn turn, Request request) throws IOException {
        List<Ticket> blockers = space.book().blockersOf(turn, at(Long.MAX_VALUE, request.blank));
        Ticket ticket = at(turn.nextPosition(), request.blank);
        boolean granted = blockers.isEmpty();
        if (granted || request.keepBlocked) {
            space.book().checkQuota(turn, owner);
            String name = space.files().nameOf(ticket);
            boolean isLong = TicketName.needsBody(name);
            if (isLong && request.body == null) {
                return Optional.empty();
            }
            add(turn, ticket, name, request.body);
            OwnTicket mine = new OwnTicket(ticket, name, space.files().path(name), request.hint);
            if (granted) {
                mine.markGranted();
            }
            mine.blockedBy(blockers);
            own.put(ticket.position(), mine);
        }
        return Optional.of(new Placement(ticket, verdict(ticket, blockers)));
    }

    /** Counted before and after: between two looks a new link may have made up for one that was taken away. */
    private void add(Turn turn, Ticket ticket, String name, @Nullable Path body) throws IOException {
        added.incrementAndGet();
        try {
            space.book().add(turn, ticket, name, body != null ? body : record);
        } finally {
            added.incrementAndGet();
        }
    }

    private static Ticket at(long position, Ticket blank) {
        return new Ticket(position, blank.generation(), blank.owner(), blank.request(), blank.wants(), blank.since());
    }

    private Verdict verdict(Ticket ticket, List<Ticket> blockers) {
        return blockers.isEmpty()
                ? new Verdict.Granted(ticket.token(space.incarnation()))
                : new Verdict.Blocked(blockers);
    }

    @Override
    public Verdict decide(Ticket mine) {
        OwnTicket ticket = own.get(mine.position());
        if (ticket != null && ticket.isAdmitted() && lossOf(mine) == null) {
            // Once nothing earlier is in its way nothing ever is, so what was decided in the section still holds.
            ticket.markGranted();
            return verdict(mine, List.of());
        }
        Optional<List<Ticket>> blockers = session.inSection(turn -> {
            Ticket live = space.book().get(turn, mine.position());
            return live == null ? Optional.empty() : Optional.of(space.book().blockersOf(turn, live));
        });
        if (blockers.isEmpty()) {
            return new Verdict.Gone(causeOf(mine));
        }
        if (ticket != null) {
            ticket.blockedBy(blockers.get());
            if (blockers.get().isEmpty()) {
                ticket.markGranted();
            }
        }
        return verdict(mine, blockers.get());
    }

    @Override
    public boolean remove(Ticket mine) {
        if (!mine.owner().equals(owner)) {
            return false;
        }
        Optional<List<Ticket>> admitted = session.inSection(turn -> {
            boolean there = space.book().get(turn, mine.position()) != null;
            return there ? Optional.of(space.book().remove(turn, mine, nameOf(mine))) : Optional.empty();
        });
        own.remove(mine.position());
        admitted.ifPresent(space::wake);
        return admitted.isPresent();
    }

    @Override
    public @Nullable LossCause lossOf(Ticket mine) {
        LossCause ended = session.lost();
        if (ended != null) {
            return ended;
        }
        OwnTicket ticket = own.get(mine.position());
        Path path = ticket != null
                ? ticket.path()
                : space.files().path(space.files().nameOf(mine));
        return isThere(path) ? null : causeOf(mine);
    }

    /**
     * Most tickets are links to the session's record, so its number of links falls with each that goes. Only this process makes such
     * links, and counts when it does.
     *
     * @param added how often a link was about to be made or was made
     * @param links of the record
     */
    private record Standing(long added, int links) {}

    @Override
    public @Nullable Object standing() {
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
        for (OwnTicket ticket : own.values()) {
            if (!ticket.isLinkToRecord() && !ticket.path().toFile().exists()) {
                return false;
            }
        }
        return true;
    }

    /** Asked when a first look did not find it: that one also fails when the disk does, and then nothing is lost yet. */
    private boolean isThere(Path path) {
        return path.toFile().exists() || Calls.typed(space.layout().locks(), () -> Disk.identity(path) != null);
    }

    @Override
    public List<Ticket> blockersOf(LockRequest wants) {
        Ticket asked = new Ticket(Long.MAX_VALUE, 0, owner, 0, wants, Instant.EPOCH);
        List<Ticket> blockers;
        do {
            blockers = session.inSection(turn -> space.book().blockersOf(turn, asked));
        } while (sweepOwners(blockers));
        return blockers;
    }

    @Override
    public void steal(TicketId ticket, String reason) {
        session.requireOpen();
        new Theft(space, session).of(ticket, reason);
    }

    @Override
    public @Nullable Intervention theftOf(Ticket mine) {
        return Calls.typed(space.layout().sessions(), () -> Theft.markOf(space, session.id(), mine.position()))
                .orElse(null);
    }

    @Override
    public void requestRelease(TicketId ticket, String reason) {
        session.requireOpen();
        space.questions().ask(session, ticket, reason);
    }

    /** Whether a ticket is one of the session's, granted or not. */
    boolean has(TicketId ticket) {
        return own.containsKey(ticket.position());
    }

    /** Calls the hint of a ticket that still waits, and notes that it is granted if that is certain; false when there is none. */
    boolean hint(long position, boolean granted) {
        OwnTicket ticket = own.get(position);
        if (ticket == null || ticket.isGranted()) {
            return false;
        }
        if (granted) {
            ticket.markAdmitted();
        }
        ticket.hint().run();
        return true;
    }

    /**
     * Tells of granted tickets that are gone, and looks for waiting ones whether who is next before them is dead; true while one waits.
     * Enters the section only where something changed: whoever waits decides again by itself now and then.
     */
    boolean look(StoreEvents events) {
        boolean waits = false;
        for (OwnTicket ticket : own.values()) {
            if (ticket.isGranted()) {
                tellIfLost(ticket, events);
            } else {
                waits = true;
                if (isToDecideAgain(ticket)) {
                    ticket.hint().run();
                }
            }
        }
        return waits;
    }

    private void tellIfLost(OwnTicket ticket, StoreEvents events) {
        LossCause cause = lossOf(ticket.ticket());
        if (cause != null && own.containsKey(ticket.position()) && ticket.isFirstToTell()) {
            events.lost(ticket.ticket().id(), cause);
        }
    }

    private boolean isToDecideAgain(OwnTicket ticket) {
        List<Ticket> blockers = ticket.blockers();
        return blockers.isEmpty()
                || !isThere(blockers.get(0))
                || sweepFirstOwners(blockers)
                || !isThere(ticket.ticket());
    }

    private boolean isThere(Ticket ticket) {
        return isThere(space.files().path(space.files().nameOf(ticket)));
    }

    /** The session is lost: its waiting tickets are hinted at, its granted ones told. */
    void loseAll(LossCause cause, StoreEvents events) {
        for (OwnTicket ticket : own.values()) {
            if (!ticket.isGranted()) {
                ticket.hint().run();
            } else if (ticket.isFirstToTell()) {
                events.lost(ticket.ticket().id(), cause);
            }
        }
    }

    private String nameOf(Ticket mine) {
        OwnTicket ticket = own.get(mine.position());
        return ticket != null ? ticket.name() : space.files().nameOf(mine);
    }

    /** Who tries only once wants the truth of this moment; who waits can look a little later. */
    private boolean sweepBefore(List<Ticket> blockers, boolean waits) {
        return waits ? sweepFirstOwners(blockers) : sweepOwners(blockers);
    }

    /** Those who are dead in front of the first that lives; whoever comes behind him changes nothing yet. */
    private boolean sweepFirstOwners(List<Ticket> blockers) {
        return Calls.typed(space.layout().sessions(), () -> space.reaper().sweepFirstOwners(blockers));
    }

    private boolean sweepOwners(List<Ticket> blockers) {
        try {
            return space.reaper().sweepOwners(blockers);
        } catch (IOException e) {
            throw Disk.unavailable(space.layout().sessions(), e);
        }
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
}
