package dev.agentcoord.testkit.memory;

import dev.agentcoord.Claim;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Intervention;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.SessionView;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskId;
import dev.agentcoord.TicketId;
import dev.agentcoord.TxnResult;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.core.record.InterventionCodec;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StateTxn;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One space in memory, made only of the shared rules. Several coordinators may share it, each as if it were a process of its own; a test
 * ends, stops and continues their sessions from outside. Thread-safe.
 */
public class MemoryBackend implements Backend {
    private static final int PROTOCOL = 1;

    private final String space;
    private final TimeSource time;
    private final TicketTable table = new TicketTable();
    private final MemoryHints hints = new MemoryHints();
    private final Map<SessionId, MemorySession> sessions = new LinkedHashMap<>();
    private final Map<String, MemoryQueue> queues = new HashMap<>();
    private final MemoryThefts thefts = new MemoryThefts();
    private final TaskTickets tasks;
    private final MemoryKeys keys = new MemoryKeys();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private long lastPosition;

    /** An empty space on the given clocks; elapsed time makes delayed tasks ready, wall time is only shown. */
    public MemoryBackend(String space, TimeSource time) {
        this.space = space;
        this.time = time;
        this.tasks = newTaskTickets(table);
    }

    @Override
    public String space() {
        return space;
    }

    @Override
    public long incarnation() {
        return 1;
    }

    @Override
    public StoreSession join(Participant participant, StoreEvents events) {
        SessionInfo info =
                new SessionInfo(newSessionId(), participant, "memory", "memory", "memory", 0, time.wall(), PROTOCOL);
        MemorySession session = new MemorySession(this, info, events);
        synchronized (this) {
            sessions.put(session.id(), session);
        }
        sessionsChanged();
        return session;
    }

    @Override
    public synchronized List<SessionView> sessions() {
        return sessions.values().stream().map(MemorySession::view).toList();
    }

    @Override
    public synchronized List<Ticket> tickets() {
        return table.all().stream()
                .map(ticket -> Objects.requireNonNullElse(tasks.asHeld(ticket), ticket))
                .toList();
    }

    @Override
    public synchronized Optional<SessionId> claimerOf(Owner task) {
        return Optional.ofNullable(TaskOwner.of(this, task).claimer()).map(MemorySession::id);
    }

    @Override
    public Subscription watchSessions(Runnable hint) {
        watchers.add(hint);
        return () -> watchers.remove(hint);
    }

    /** Does nothing: the space lives as long as the object, and its coordinators close their own sessions. */
    @Override
    public void close() {}

    /** Proves a session dead, as if its process had been killed: all it had goes to others at once. */
    public void kill(SessionId id) {
        MemorySession session = session(id);
        end(session, SessionStatus.LOST);
        session.tellStatus();
    }

    /** Stops a session as if its process were stopped: others see it as suspect, it hears of nothing, and keeps all it has. */
    public void stop(SessionId id) {
        session(id).sleep();
        sessionsChanged();
    }

    /** Lets a stopped session hear what happened meanwhile. */
    public void resume(SessionId id) {
        session(id).wake();
        sessionsChanged();
    }

    /** Takes away a session's certainty, as if its store were out of reach; nothing of it is given to others. */
    public void suspend(SessionId id) {
        change(session(id), SessionStatus.SUSPENDED);
    }

    /** Gives a suspended session its certainty back. */
    public void reconnect(SessionId id) {
        change(session(id), SessionStatus.CONNECTED);
    }

    Placement place(MemorySession session, TicketDraft draft, boolean keepBlocked) {
        synchronized (this) {
            session.ensureOpen();
            checkQuota(table, session);
            Owner owner = Owner.of(draft.wants(), session.id());
            int generation = draft.wants()
                    .claim()
                    .map(claim -> tasks.claimed(session, claim))
                    .orElse(0);
            Ticket ticket = new Ticket(nextPosition(), generation, owner, draft.request(), draft.wants(), time.wall());
            Verdict verdict = verdict(session, ticket);
            if (keepBlocked || verdict instanceof Verdict.Granted) {
                table.add(ticket);
                hints.put(ticket.position(), draft.hint());
            }
            return new Placement(ticket, verdict);
        }
    }

    synchronized Verdict decide(MemorySession session, Ticket mine) {
        session.ensureOpen();
        if (tasks.live(session, mine) == null) {
            return new Verdict.Gone(Objects.requireNonNullElse(lossOf(session, mine), LossCause.RESET));
        }
        return verdict(session, mine);
    }

    boolean remove(MemorySession session, Ticket mine) {
        List<Ticket> admitted;
        synchronized (this) {
            session.ensureOpen();
            Ticket live = tasks.live(session, mine);
            if (live == null) {
                return false;
            }
            admitted = take(live);
        }
        wake(admitted);
        return true;
    }

    @Nullable LossCause lossOf(MemorySession session, Ticket mine) {
        if (session.status() == SessionStatus.LOST) {
            return LossCause.SESSION_LOST;
        }
        LossCause cause = session.losses().get(mine.position());
        return cause != null || tasks.isOf(session, mine) ? cause : LossCause.CLAIM_ENDED;
    }

    /** Makes a ticket of a session one of a task it claims. */
    synchronized Ticket bind(MemorySession session, Ticket mine, Claim to) {
        session.ensureOpen();
        int delivery = tasks.claimed(session, to);
        Ticket live = tasks.live(session, mine);
        if (live == null || !isGranted(live)) {
            throw new NotHeldException(mine.wants(), "nothing was bound: " + mine.id() + " is not held");
        }
        Ticket bound = tasks.bound(live, Owner.task(to.queue(), to.task().id()), delivery);
        table.remove(live.position());
        table.add(bound);
        return bound;
    }

    /** Claims; what the task has comes along, but for what it only waited for. */
    Optional<Delivery> takingOver(String queue, Supplier<Optional<Delivery>> claiming) {
        List<Ticket> admitted = new ArrayList<>();
        Optional<Delivery> taken;
        synchronized (this) {
            taken = claiming.get().map(delivery -> {
                Owner task = Owner.task(queue, delivery.task().id());
                admitted.addAll(tasks.takeWaiting(task));
                return delivery.with(tasks.inherited(task, delivery.number()));
            });
        }
        wake(admitted);
        return taken;
    }

    /** Cancels, or revives when nothing of the former life is left: tasks that have ended by it have no locks any more. */
    boolean ending(BooleanSupplier change) {
        List<Ticket> admitted = new ArrayList<>();
        Map<Ticket, MemorySession> holders;
        boolean changed;
        synchronized (this) {
            admitted.addAll(tasks.takeEnded());
            holders = tasks.claimers();
            changed = change.getAsBoolean();
            admitted.addAll(tasks.takeEnded());
            holders.keySet().removeIf(ticket -> table.get(ticket.position()) != null);
        }
        holders.forEach((ticket, holder) -> holder.tellLost(ticket.id(), LossCause.CLAIM_ENDED));
        wake(admitted);
        return changed;
    }

    /** Ends a claim: with the task its locks end, else only what it waits for. */
    void leaving(String queue, TaskId id, Runnable finishing) {
        List<Ticket> admitted = new ArrayList<>();
        synchronized (this) {
            finishing.run();
            admitted.addAll(tasks.takeWaiting(Owner.task(queue, id)));
            admitted.addAll(tasks.takeEnded());
        }
        wake(admitted);
    }

    synchronized List<Ticket> blockersOf(MemorySession session, LockRequest wants) {
        session.ensureOpen();
        return table.blockersOf(Owner.of(wants, session.id()), wants);
    }

    void steal(MemorySession thief, TicketId id, String reason) {
        List<Ticket> admitted;
        MemorySession loser;
        synchronized (this) {
            thief.ensureOpen();
            Ticket ticket = table.get(id.position());
            if (ticket == null) {
                throw new NotHeldException(
                        id, "no ticket " + id + " to steal for '" + reason + "'; it is gone already");
            }
            loser = ownerOf(ticket);
            recordTheft(about(Intervention.Kind.STOLEN, ticket, thief, reason));
            loser.losses().put(ticket.position(), LossCause.STOLEN);
            admitted = take(ticket);
        }
        loser.tellLost(id, LossCause.STOLEN);
        wake(admitted);
    }

    synchronized void recordTheft(Intervention theft) {
        thefts.add(theft);
    }

    @Override
    public synchronized List<Intervention> thefts(int limit) {
        return thefts.latest(limit);
    }

    synchronized @Nullable Intervention theftOf(Ticket mine) {
        return thefts.of(mine.id());
    }

    void requestRelease(MemorySession asker, TicketId id, String reason) {
        Intervention request;
        MemorySession holder;
        synchronized (this) {
            asker.ensureOpen();
            Ticket ticket = table.get(id.position());
            if (ticket == null) {
                throw new NotHeldException(id, "there is no ticket " + id + " to ask for; it is gone already");
            }
            holder = ownerOf(ticket);
            request = about(Intervention.Kind.RELEASE_REQUESTED, ticket, asker, reason);
        }
        holder.tellRequest(request);
    }

    private Intervention about(Intervention.Kind kind, Ticket ticket, MemorySession by, String reason) {
        String holder = ownerOf(ticket).info().agent();
        return InterventionCodec.of(kind, ticket, holder, by.info(), reason, time.wall());
    }

    void close(MemorySession session) {
        end(session, SessionStatus.CLOSED);
    }

    Duration safeFor(MemorySession session) {
        return session.status() == SessionStatus.CONNECTED ? MemorySession.forever() : Duration.ZERO;
    }

    synchronized MemoryQueue queue(String name) {
        return queues.computeIfAbsent(name, n -> newQueue(n, time));
    }

    MemoryQueue newQueue(String queue, TimeSource clocks) {
        return new MemoryQueue(queue, incarnation(), clocks);
    }

    /** Tickets and keys change under one lock here, so that a condition on a ticket holds at the moment of the writes. */
    TxnResult commit(MemorySession session, StateTxn txn) {
        TxnResult result;
        synchronized (this) {
            session.ensureOpen();
            result = keys().commit(txn, session.id(), this::isHeld);
        }
        keys().tell();
        return result;
    }

    boolean isHeld(FencingToken token) {
        Ticket ticket = table.get(token.position());
        Ticket held = ticket == null ? null : tasks.asHeld(ticket);
        return held != null && tokenOf(held).equals(token) && isGranted(held);
    }

    /** What becomes of the locks of tasks. */
    TaskTickets newTaskTickets(TicketTable live) {
        return new TaskTickets(this, live);
    }

    MemoryKeys keys() {
        return keys;
    }

    SessionId newSessionId() {
        return SessionId.random();
    }

    long nextPosition() {
        return ++lastPosition;
    }

    FencingToken tokenOf(Ticket ticket) {
        return ticket.token(incarnation());
    }

    /** What stands in a ticket's way; called while the space is locked. */
    List<Ticket> blockersOf(TicketTable live, Ticket ticket) {
        return live.blockersOf(ticket);
    }

    void checkQuota(TicketTable live, MemorySession session) {
        live.checkQuota(session.owner());
    }

    /** What goes when a session ends; called while the space is locked. */
    List<Ticket> ticketsOf(MemorySession session) {
        return tickets().stream()
                .filter(ticket -> ticket.owner().equals(session.owner()))
                .toList();
    }

    /** Tells tickets that were let in. */
    void wake(Collection<Ticket> admitted) {
        hints.give(admitted);
    }

    /** Ends a session: it knows before anything it had is given to others. Does nothing for one that has ended. */
    void end(MemorySession session, SessionStatus how) {
        List<Ticket> admitted = new ArrayList<>();
        List<MemoryQueue> used;
        synchronized (this) {
            if (sessions.remove(session.id()) == null) {
                return;
            }
            session.set(how);
            ticketsOf(session).forEach(ticket -> admitted.addAll(take(ticket)));
            used = List.copyOf(queues.values());
        }
        used.forEach(queue -> queue.giveBack(session));
        keys().end(session.id());
        synchronized (this) {
            admitted.addAll(tasks.takeUnclaimedWaiting());
            admitted.addAll(tasks.takeEnded());
        }
        wake(admitted);
        sessionsChanged();
    }

    synchronized boolean isGranted(Ticket ticket) {
        return blockersOf(table, ticket).isEmpty();
    }

    private Verdict verdict(MemorySession session, Ticket ticket) {
        List<Ticket> blockers = blockersOf(table, ticket);
        if (tasks.giveUp(session, blockers)) {
            blockers = blockersOf(table, ticket);
        }
        return blockers.isEmpty() ? new Verdict.Granted(tokenOf(ticket)) : new Verdict.Blocked(blockers);
    }

    List<Ticket> take(Ticket ticket) {
        table.remove(ticket.position());
        hints.remove(ticket.position());
        return table.admittedBy(ticket);
    }

    MemorySession ownerOf(Ticket ticket) {
        return session(ticket.session());
    }

    synchronized MemorySession session(SessionId id) {
        MemorySession session = sessions.get(id);
        if (session == null) {
            throw new NotHeldException(id, "no live session " + id);
        }
        return session;
    }

    private void change(MemorySession session, SessionStatus status) {
        session.set(status);
        session.tellStatus();
    }

    private void sessionsChanged() {
        watchers.forEach(Runnable::run);
    }
}
