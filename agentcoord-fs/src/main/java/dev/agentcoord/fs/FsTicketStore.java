package dev.agentcoord.fs;

import dev.agentcoord.Claim;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Intervention;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.StaleClaimException;
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
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tickets of one session and of the tasks it claims: placed and decided inside the section, their owners woken outside. A
 * task's ticket is the session's while its name is there and the file that says that the session claims the task: one rename ends that.
 */
final class FsTicketStore implements TicketStore {
    private final Space space;
    private final FsStoreSession session;
    private final Parking parking;
    private final OwnTickets own;
    private final Removal removal;

    FsTicketStore(Space space, FsStoreSession session) {
        this.space = space;
        this.session = session;
        this.own = new OwnTickets(space, session);
        this.removal = new Removal(space, session, own);
        this.parking = new Parking(space, session);
    }

    /**
     * A request on its way into the section.
     *
     * @param blank the ticket but for its position
     * @param claim file of the claim it is under, or null for one of the session itself
     * @param hint what to tell of it
     * @param keepBlocked whether it is placed even if it has to wait
     * @param body file with what does not fit a name, or null while that has not shown
     */
    private record Request(
            Ticket blank,
            @Nullable Path claim,
            Runnable hint,
            boolean keepBlocked,
            @Nullable Path body) {}

    @Override
    public Placement place(TicketDraft draft, boolean keepBlocked) {
        Placement placed = placeOnce(draft, keepBlocked);
        try {
            while (placed.verdict() instanceof Verdict.Blocked blocked
                    && sweepBefore(draft.wants(), blocked.by(), keepBlocked)) {
                placed =
                        keepBlocked ? new Placement(placed.ticket(), decide(placed.ticket())) : placeOnce(draft, false);
            }
        } catch (CoordinationException e) {
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

    /** What the dead and what was let go take up of a pool or of the space's limits is given back before anybody is refused for it. */
    private Placement placeOnce(TicketDraft draft, boolean keepBlocked) {
        try {
            return placeNow(draft, keepBlocked);
        } catch (CorruptRecordException e) {
            if (Calls.typed(space.layout().sessions(), space.reaper()::sweepNamed)) {
                return placeNow(draft, keepBlocked);
            }
            throw e;
        } catch (PoolMismatchException | LimitExceededException e) {
            if (sweepAll()) {
                return placeNow(draft, keepBlocked);
            }
            throw e;
        }
    }

    private boolean sweepAll() {
        List<Ticket> all = session.inSection(turn -> space.book().all(turn));
        boolean cleared = clearGone(all);
        return sweepOwners(all) || cleared;
    }

    private Placement placeNow(TicketDraft draft, boolean keepBlocked) {
        LockRequest wants = draft.wants();
        int generation = wants.claim().map(claim -> claim.token().generation()).orElse(0);
        Instant now = space.time().wall().truncatedTo(ChronoUnit.MILLIS);
        Ticket blank = new Ticket(0, generation, Owner.of(wants, session.id()), draft.request(), wants, now);
        Path claim = wants.claim().map(session::fileOf).orElse(null);
        Request request = new Request(blank, claim, draft.hint(), keepBlocked, null);
        return session.inSection(turn -> place(turn, request)).orElseGet(() -> placeWithBody(request));
    }

    private Placement placeWithBody(Request bodiless) {
        try {
            Path body = space.files().writeBody(bodiless.blank, session.id());
            Request request = new Request(bodiless.blank, bodiless.claim, bodiless.hint, bodiless.keepBlocked, body);
            try {
                return session.inSection(turn -> place(turn, request)).orElseThrow();
            } finally {
                Disk.discard(body);
            }
        } catch (IOException e) {
            throw Disk.unavailable(space.layout().tmp(), e);
        }
    }

    /** Empty when the ticket does not fit a name and has no body yet. */
    private Optional<Placement> place(Turn turn, Request request) throws IOException {
        requireClaimed(request.claim, request.blank.owner());
        List<Ticket> blockers = space.book().blockersThereOf(turn, at(Long.MAX_VALUE, request.blank));
        Ticket ticket = at(turn.nextPosition(), request.blank);
        boolean granted = blockers.isEmpty();
        if (granted || request.keepBlocked) {
            space.book().checkQuota(turn, ticket.owner());
            String name = space.files().nameOf(ticket);
            boolean isLong = TicketName.needsBody(name);
            if (isLong && request.body == null) {
                return Optional.empty();
            }
            own.add(turn, ticket, name, request.body);
            OwnTicket mine = new OwnTicket(
                    new OwnTicket.Place(ticket, name, space.files().path(name), request.claim), request.hint);
            if (granted) {
                mine.markGranted();
            }
            mine.blockedBy(blockers);
            own.put(mine);
        }
        return Optional.of(new Placement(ticket, verdict(ticket, blockers)));
    }

    private static void requireClaimed(@Nullable Path claim, Owner task) throws IOException {
        if (claim != null && !Disk.isThere(claim)) {
            throw new StaleClaimException(
                    task, "nothing was changed: " + task + " is no longer claimed by this session; claim it again");
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
        OwnTicket ticket = own.at(mine.position());
        if (ticket != null && ticket.isAdmitted() && lossOf(mine) == null) {
            // Once nothing earlier is in its way nothing ever is, so what was decided in the section still holds.
            ticket.markGranted();
            return verdict(mine, List.of());
        }
        List<Ticket> blockers;
        do {
            Optional<List<Ticket>> found = blockersOf(mine);
            if (found.isEmpty()) {
                return new Verdict.Gone(Objects.requireNonNullElse(lossOf(mine), LossCause.RESET));
            }
            blockers = found.get();
        } while (clearGone(mine.wants(), blockers));
        if (ticket != null) {
            ticket.blockedBy(blockers);
            if (blockers.isEmpty()) {
                ticket.markGranted();
            }
        }
        return verdict(mine, blockers);
    }

    /** Empty where the ticket is not the session's any more. */
    private Optional<List<Ticket>> blockersOf(Ticket mine) {
        return session.inSection(turn -> {
            Ticket live = own.live(turn, mine);
            return live == null ? Optional.empty() : Optional.of(space.book().blockersOf(turn, live));
        });
    }

    /** Whether one whose end may let the request in is gone: looked at outside the section, and cleared away inside. */
    private boolean clearGone(LockRequest wants, List<Ticket> blockers) {
        return clearGone(TicketBook.decisive(wants, blockers));
    }

    /**
     * Whoever lets go of a ticket without entering reads then who came since. Either he reads of the one that was announced before this
     * look, or this finds his gone, also where a processor does not keep to the order by itself.
     */
    private boolean clearGone(List<Ticket> tickets) {
        VarHandle.fullFence();
        return Calls.typed(space.layout().locks(), () -> {
            boolean any = false;
            for (Ticket ticket : tickets) {
                any |= space.clearIfGone(ticket);
            }
            return any;
        });
    }

    @Override
    public boolean remove(Ticket mine) {
        return removal.of(mine);
    }

    @Override
    public void linger(Ticket mine) {
        OwnTicket waiting = own.at(mine.position());
        if (waiting != null && waiting.takeNext() && space.isSound() && outlasts(waiting)) {
            waiting.markAdmitted();
        }
    }

    private boolean outlasts(OwnTicket waiting) {
        Optional<Lingering> before = session.inSection(turn -> {
            Ticket live = own.live(turn, waiting.ticket());
            Ticket only = live == null ? null : space.book().onlyBlockerOf(turn, live);
            return only == null
                    ? Optional.empty()
                    : Optional.of(new Lingering(space.section(), space.book().path(only), turn.change()));
        });
        return before.isPresent()
                && lossOf(waiting.ticket()) == null
                && before.get().outlasts(waiting::isAdmitted);
    }

    @Override
    public Ticket bind(Ticket mine, Claim to) {
        Owner task = Owner.task(to.queue(), to.task().id());
        Ticket bound = mine.of(task, to.token().generation());
        OwnTicket held = own.at(mine.position());
        if (held == null) {
            throw new NotHeldException(mine.wants(), "nothing was bound: the store does not know ticket " + mine.id());
        }
        String name = space.files().nameOf(bound);
        Path claim = session.fileOf(to);
        Path body = bodyFor(held.place().name(), name, bound);
        try {
            session.inSection(turn -> {
                requireClaimed(claim, task);
                if (!own.isHeld(turn, mine) || !held.move()) {
                    throw new NotHeldException(mine.wants(), "nothing was bound: " + mine.id() + " is not held");
                }
                OwnTicket.Place place = held.place();
                try {
                    space.book().bind(turn, mine, bound, body);
                    place = new OwnTicket.Place(bound, name, space.files().path(name), claim);
                } finally {
                    held.moved(place);
                }
                return name;
            });
        } finally {
            if (body != null) {
                Disk.discard(body);
            }
        }
        return bound;
    }

    /** What the name of a task's ticket does not say, where the session's said it. */
    private @Nullable Path bodyFor(String before, String after, Ticket bound) {
        if (!isLong(after) || isLong(before)) {
            return null;
        }
        return Calls.typed(space.layout().tmp(), () -> space.files().writeBody(bound, session.id()));
    }

    private static boolean isLong(String name) {
        return TicketName.needsBody(name.substring(name.indexOf('/') + 1));
    }

    /** Takes over the granted tickets of a task that the session has claimed, as whoever claimed it before it left them. */
    List<Ticket> adopt(List<Ticket> stored, int delivery, Path claim) {
        List<Ticket> held = new ArrayList<>();
        for (Ticket ticket : stored) {
            Ticket mine = ticket.of(ticket.owner(), delivery);
            String name = space.files().nameOf(ticket);
            OwnTicket known =
                    new OwnTicket(new OwnTicket.Place(mine, name, space.files().path(name), claim), () -> {});
            known.markGranted();
            own.put(known);
            held.add(mine);
        }
        return held;
    }

    @Override
    public @Nullable LossCause lossOf(Ticket mine) {
        return own.lossOf(mine);
    }

    @Override
    public @Nullable Object standing() {
        return own.standing();
    }

    @Override
    public List<Ticket> blockersOf(LockRequest wants) {
        Ticket asked = new Ticket(Long.MAX_VALUE, 0, Owner.of(wants, session.id()), 0, wants, Instant.EPOCH);
        List<Ticket> blockers;
        do {
            blockers = session.inSection(turn -> space.book().blockersOf(turn, asked));
        } while (clearGone(wants, blockers) || sweepOwners(blockers));
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
        return own.at(ticket.position()) != null;
    }

    /** Has a ticket that still waits looked at, as its turn probably comes soon. */
    void hintNext(long position) {
        OwnTicket ticket = own.at(position);
        if (ticket != null && !ticket.isGranted()) {
            ticket.markNext();
            ticket.hint().run();
        }
    }

    /** Calls the hint of a ticket that still waits, and notes that it is granted if that is certain; false when there is none. */
    boolean hint(long position, boolean granted) {
        OwnTicket ticket = own.at(position);
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
        for (OwnTicket ticket : own.all()) {
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
        if (ticket.isLeaving()) {
            return;
        }
        LossCause cause = lossOf(ticket.ticket());
        if (cause != null && own.at(ticket.position()) != null && ticket.isFirstToTell()) {
            events.lost(ticket.ticket().id(), cause);
        }
        if (cause == LossCause.CLAIM_ENDED) {
            own.forget(ticket);
        }
    }

    private boolean isToDecideAgain(OwnTicket ticket) {
        LockRequest wants = ticket.ticket().wants();
        List<Ticket> blockers = ticket.blockers();
        return blockers.isEmpty()
                || TicketBook.decisive(wants, blockers).stream().anyMatch(blocker -> !own.isThere(blocker))
                || sweepFirstOwners(wants, blockers)
                || !own.isThere(ticket.ticket());
    }

    /** The session is lost: its waiting tickets are hinted at, its granted ones told. */
    void loseAll(LossCause cause, StoreEvents events) {
        for (OwnTicket ticket : own.all()) {
            if (!ticket.isGranted()) {
                ticket.hint().run();
            } else if (ticket.isFirstToTell()) {
                events.lost(ticket.ticket().id(), cause);
            }
        }
    }

    /** Who tries only once wants the truth of this moment; who waits can look a little later. */
    private boolean sweepBefore(LockRequest wants, List<Ticket> blockers, boolean waits) {
        return clearGone(wants, blockers) || (waits ? sweepFirstOwners(wants, blockers) : sweepOwners(blockers));
    }

    /** Those who are dead in front of the first that lives, as whoever comes behind him changes nothing yet; of the holders of permits all. */
    private boolean sweepFirstOwners(LockRequest wants, List<Ticket> blockers) {
        if (!wants.permits().isEmpty()) {
            return sweepOwners(blockers);
        }
        return Calls.typed(
                space.layout().sessions(),
                () -> space.reaper().sweepFirstOwners(blockers) || parking.clearFirst(blockers));
    }

    private boolean sweepOwners(List<Ticket> blockers) {
        return Calls.typed(space.layout().sessions(), () -> {
            boolean swept = space.reaper().sweepOwners(blockers);
            return parking.clear(blockers) || swept;
        });
    }
}
