package dev.agentcoord.zk;

import dev.agentcoord.Claim;
import dev.agentcoord.Intervention;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.spi.TicketStore;
import dev.agentcoord.zk.Placing.Placed;
import dev.agentcoord.zk.Requests.Listing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/**
 * The tickets of one session. Whatever is decided is decided from a list that was read, on the session's own connection, after the ticket
 * was made: what is missing there among the earlier ones is gone for ever, and so is what the servers say was removed since. Thread-safe.
 */
final class ZkTicketStore implements TicketStore {
    /** Early enough to see a deadlock with the first look. */
    private static final Duration FIRST_LOOK = Duration.ofMillis(250);

    private final ZkStoreSession session;
    private final Tickets tickets;
    private final Wakeups wakeups;
    private final Book book = new Book();
    private final OwnTickets own;
    private final Binding binding;
    private final Tokens tokens;
    /** The tasks under whose present claims tickets were asked for. */
    private final Set<Owner> placing = ConcurrentHashMap.newKeySet();

    ZkTicketStore(ZkStoreSession session) {
        this.session = session;
        this.tickets = session.readTickets();
        this.binding = new Binding(session, tickets);

        this.wakeups =
                new Wakeups(session.connection().own(), session.space().node().locks());
        this.own = new OwnTickets(session, tickets, wakeups, binding);
        this.tokens = new Tokens(session, this, tickets, book);
    }

    @Override
    public Placement place(TicketDraft draft, boolean keepBlocked) {
        session.requireOpen();
        return session.caller().once("ask for " + draft.wants(), call -> {
            Removals.awaitThoseOfOthers(call, session.removals());
            checkQuota(call, Owner.of(draft.wants(), session.info().id()));
            draft.wants()
                    .claim()
                    .ifPresent(claim ->
                            placing.add(Owner.of(draft.wants(), session.info().id())));
            int link = wakeups.link();
            Placed placed = new Placing(session, draft.wants(), draft.request()).place(call);
            try {
                return decide(call, placed, draft, new Purpose(keepBlocked, link));
            } catch (KeeperException | RuntimeException | Error e) {
                session.removals().remove(tickets.path(placed.name()));
                throw e;
            }
        });
    }

    /** Before anything is sent, from what was last seen; looks again before it refuses. */
    private void checkQuota(Call call, Owner whose) throws KeeperException {
        try {
            book.checkQuota(whose);
        } catch (LimitExceededException e) {
            update(call, tickets.list(call));
            book.checkQuota(whose);
        }
    }

    /**
     * What a ticket is placed for.
     *
     * @param waits whether it stays in line
     * @param link over which it was placed, or looked at
     */
    private record Purpose(boolean waits, int link) {}

    private Placement decide(Call call, Placed placed, TicketDraft draft, Purpose purpose) throws KeeperException {
        OwnTicket mine = new OwnTicket(placed.ticket(), placed.name(), draft.hint());
        Caller.repeatedly(call, attempt -> {
            update(attempt, placed.listing());
            return true;
        });
        book.checkQuota(mine.ticket().owner(), placed.name());
        Verdict verdict = Caller.repeatedly(call, attempt -> verdict(attempt, mine, purpose));
        if (verdict instanceof Verdict.Blocked && !purpose.waits) {
            session.removals().remove(tickets.path(placed.name()));
            return new Placement(mine.ticket(), verdict);
        }
        if (!own.keep(mine)) {
            return new Placement(mine.ticket(), new Verdict.Gone(LossCause.CLAIM_ENDED));
        }
        session.requireOpen();
        if (verdict instanceof Verdict.Blocked) {
            watch(mine);
        }
        return new Placement(mine.ticket(), verdict);
    }

    /** Takes over a list. */
    void update(Call call, Listing listing) throws KeeperException {
        Map<String, Book.Entry> entries = tickets.entries(call, book.newOf(listing));
        book.update(listing, entries::get);
        tickets.keepOnly(listing.names());
    }

    /** From the latest list that was taken over, and was asked for over that connection or a later one. */
    private Verdict verdict(Call call, OwnTicket mine, Purpose purpose) throws KeeperException {
        List<String> blockers = book.blockersOf(mine.name());
        if (blockers == null) {
            return new Verdict.Gone(own.causeOf(call, mine.ticket()));
        }
        if (blockers.isEmpty()) {
            return granted(mine);
        }
        List<Ticket> by = purpose.waits ? readAsNeeded(call, blockers) : tickets.read(call, blockers);
        if (by.isEmpty() || session.taskTickets().tend(call, by)) {
            // All gone since the list was read, or some by now.
            update(call, tickets.list(call));
            return verdict(call, mine, purpose);
        }
        boolean isLast = blockers.size() == 1 && mine.ticket().wants().permits().isEmpty();
        String last = isLast ? tickets.path(blockers.get(0)) : null;
        mine.standsBehind(new OwnTicket.Line(by, blockers, last, purpose.link));
        return new Verdict.Blocked(by);
    }

    /**
     * Who only waits need not know more of the tickets of other sessions than their names say. Those of tasks may have to be looked after,
     * and whoever would wait for its own is told of them.
     */
    private List<Ticket> readAsNeeded(Call call, List<String> blockers) throws KeeperException {
        List<String> needed = blockers.stream().filter(this::mayBeOwn).toList();
        Map<String, Ticket> read = needed.isEmpty() ? Map.of() : tickets.readByName(call, needed);
        List<Ticket> by = new ArrayList<>();
        for (String name : blockers) {
            Ticket ticket = mayBeOwn(name) ? read.get(name) : book.get(name);
            if (ticket != null) {
                by.add(ticket);
            }
        }
        return by;
    }

    private boolean mayBeOwn(String name) {
        Owner owner = tickets.node(name).owner();
        return owner.kind() == Owner.Kind.TASK || owner.is(session.info().id());
    }

    private Verdict.Granted granted(OwnTicket mine) {
        mine.markGranted();
        return new Verdict.Granted(mine.ticket().token(session.space().node().incarnation()));
    }

    /**
     * The latest in its way is the last to go, but for permits, which any of them may free. While there are others it is the last but one that
     * is watched: when that goes there is time to see that only one is left, whose end then needs no further look.
     */
    private void watch(OwnTicket mine) {
        if (mine.ticket().wants().permits().isEmpty()) {
            wakeups.whenGone(tickets.path(mine.awaited()), mine);
        } else {
            wakeups.whenListChanges(mine);
        }
    }

    @Override
    public Verdict decide(Ticket ticket) {
        session.requireOpen();
        OwnTicket mine = own.at(ticket.position());
        if (mine == null || !mine.is(ticket)) {
            return session.caller()
                    .repeatedly("look for " + ticket.id(), call -> new Verdict.Gone(own.causeOf(call, ticket)));
        }
        if (mine.isGranted()) {
            return verify(mine);
        }
        if (mine.isAdmitted()) {
            wakeups.forget(mine);
            return granted(mine);
        }
        return lookAgain(mine);
    }

    /** Watches are told, and those of a lost connection when there is one again; what no watch tells can wait a little. */
    @Override
    public Duration firstLook() {
        return FIRST_LOOK;
    }

    /** A write first, so that a server that lags behind cannot answer. */
    private Verdict verify(OwnTicket mine) {
        Requests requests = session.connection().own();
        SessionRecord record = session.record();
        return session.caller().repeatedly("verify " + mine.ticket().id(), call -> {
            int link = wakeups.link();
            update(call, call.await(record.fenced(requests, tickets.parent())));
            return verdict(call, mine, new Purpose(false, link));
        });
    }

    /** While nobody answers it goes on waiting for what it waited for: the end of the session or of the caller's patience ends that. */
    private Verdict lookAgain(OwnTicket mine) {
        if (!session.connection().isConnected()) {
            return stillBlocked(mine);
        }
        try {
            Verdict verdict = session.caller().once("look at " + mine.ticket().id(), call -> {
                try {
                    int link = wakeups.link();
                    update(
                            call,
                            call.await(session.connection()
                                    .own()
                                    .awaited()
                                    .children(session.space().node().locks(), null)));
                    return verdict(call, mine, new Purpose(true, link));
                } catch (KeeperException e) {
                    if (Failures.isLostConnection(e)) {
                        return stillBlocked(mine);
                    }
                    throw e;
                }
            });
            if (verdict instanceof Verdict.Blocked) {
                watch(mine);
            } else {
                wakeups.forget(mine);
            }
            return verdict;
        } catch (StoreUnavailableException e) {
            session.requireOpen();
            if (Caller.isOutage(e) || Outage.isRefusal(e)) {
                return stillBlocked(mine);
            }
            throw e;
        }
    }

    private static Verdict stillBlocked(OwnTicket mine) {
        return new Verdict.Blocked(mine.blockers());
    }

    @Override
    public boolean remove(Ticket ticket) {
        session.requireOpen();
        OwnTicket mine = own.release(ticket);
        if (mine == null) {
            return false;
        }
        String path = tickets.path(mine.name());
        if (mine.isGranted() && !mine.hasWaited()) {
            session.removals().removeWithNext(path);
        } else {
            session.removals().remove(path);
        }
        return true;
    }

    @Override
    public @Nullable LossCause lossOf(Ticket ticket) {
        return own.lossOf(ticket);
    }

    @Override
    public List<Ticket> blockersOf(LockRequest wants) {
        session.requireOpen();
        return session.caller().repeatedly("look for what is in the way of " + wants, call -> {
            Removals.awaitThoseOfOthers(call, session.removals());
            update(call, tickets.listNow(call));
            return tickets.read(
                    call, book.blockersOf(Owner.of(wants, session.info().id()), wants));
        });
    }

    @Override
    public void steal(TicketId ticket, String reason) {
        session.requireOpen();
        session.thefts().steal(ticket, reason);
    }

    @Override
    public @Nullable Intervention theftOf(Ticket mine) {
        return session.thefts().of(mine.id());
    }

    @Override
    public void requestRelease(TicketId ticket, String reason) {
        session.requireOpen();
        session.notes().ask(ticket, reason);
    }

    /** Whether tokens are those of granted tickets. */
    Tokens tokens() {
        return tokens;
    }

    /** Those that the session has, and what became of those it had. */
    OwnTickets own() {
        return own;
    }

    /** What is to be claimed anew was recalled, if at all, under a claim that is over. */
    void forgetRecalls(List<OwnTicket> inherited) {
        own.forgetRecalls(inherited);
    }

    /** The tickets of a task, each granted or waiting, of a moment after the call. */
    List<QueueChange.Lock> locksOf(Call call, Owner task) throws KeeperException {
        List<QueueChange.Lock> locks = new ArrayList<>();
        for (String name : namesOf(call, task)) {
            List<String> blockers = book.blockersOf(name);
            if (blockers != null) {
                locks.add(new QueueChange.Lock(tickets.path(name), blockers.isEmpty()));
            }
        }
        return locks;
    }

    private List<String> namesOf(Call call, Owner task) throws KeeperException {
        Listing listing = tickets.listNow(call);
        update(call, listing);
        return listing.names().stream()
                .filter(name -> tickets.node(name).owner().equals(task))
                .toList();
    }

    /** The same as tickets that whoever claims the task has. */
    List<OwnTicket> inherited(Call call, Owner task, int delivery) throws KeeperException {
        List<OwnTicket> inherited = new ArrayList<>();
        for (String name : namesOf(call, task)) {
            for (Ticket ticket : tickets.read(call, List.of(name))) {
                OwnTicket mine = new OwnTicket(ticket.of(task, delivery), name, () -> {});
                mine.markGranted();
                inherited.add(mine);
            }
        }
        inherited.sort(Comparator.comparing(OwnTicket::ticket));
        return inherited;
    }

    /** They are this session's from now on. */
    void adopt(List<OwnTicket> inherited) {
        inherited.forEach(own::keep);
    }

    /** Whether this session has, or asks for, any ticket of a task. */
    boolean hasAnyOf(Owner task) {
        return placing.contains(task) || own.hasAnyOf(task);
    }

    /** The session has finished a claim. */
    void leave(Owner task, int delivery) {
        placing.remove(task);
        own.leave(task, delivery);
    }

    /** The path of a ticket; null where it is not live. */
    @Nullable String pathOf(Call call, Ticket ticket) throws KeeperException {
        String name = tickets.nameAt(call, tickets.list(call).names(), ticket.position());
        return name == null ? null : tickets.path(name);
    }

    @Override
    public Ticket bind(Ticket mine, Claim to) {
        session.requireOpen();
        OwnTicket held = own.at(mine.position());
        if (held == null || !held.is(mine) || !held.isGranted()) {
            throw Binding.notHeld(mine);
        }
        Owner task = Owner.task(to.queue(), to.task().id());
        placing.add(task);
        wakeups.beginRenaming();
        try {
            return binding.bind(held, to, task, own::keep);
        } finally {
            wakeups.endRenaming();
        }
    }
}
