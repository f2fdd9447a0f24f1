package dev.agentcoord.testkit.memory;

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
import dev.agentcoord.TicketId;
import dev.agentcoord.TxnResult;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.core.record.InterventionCodec;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StateTxn;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final Map<Long, Runnable> hints = new HashMap<>();
    private final Map<SessionId, MemorySession> sessions = new LinkedHashMap<>();
    private final Map<String, MemoryQueue> queues = new HashMap<>();
    private final Deque<Intervention> thefts = new ArrayDeque<>();
    private final MemoryKeys keys = new MemoryKeys();
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private long lastPosition;

    /** An empty space on the given clocks; elapsed time makes delayed tasks ready, wall time is only shown. */
    public MemoryBackend(String space, TimeSource time) {
        this.space = space;
        this.time = time;
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
        return List.copyOf(table.all());
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
            Ticket ticket = new Ticket(nextPosition(), 0, session.owner(), draft.request(), draft.wants(), time.wall());
            Verdict verdict = verdict(ticket);
            if (keepBlocked || verdict instanceof Verdict.Granted) {
                table.add(ticket);
                hints.put(ticket.position(), draft.hint());
            }
            return new Placement(ticket, verdict);
        }
    }

    synchronized Verdict decide(MemorySession session, Ticket mine) {
        session.ensureOpen();
        if (table.get(mine.position()) == null) {
            return new Verdict.Gone(Objects.requireNonNullElse(lossOf(session, mine), LossCause.RESET));
        }
        return verdict(mine);
    }

    boolean remove(MemorySession session, Ticket mine) {
        List<Ticket> admitted;
        synchronized (this) {
            session.ensureOpen();
            Ticket live = table.get(mine.position());
            if (live == null || !live.owner().equals(session.owner())) {
                return false;
            }
            admitted = take(live);
        }
        wake(admitted);
        return true;
    }

    @Nullable LossCause lossOf(MemorySession session, Ticket mine) {
        return session.status() == SessionStatus.LOST
                ? LossCause.SESSION_LOST
                : session.losses().get(mine.position());
    }

    synchronized List<Ticket> blockersOf(MemorySession session, LockRequest wants) {
        session.ensureOpen();
        return table.blockersOf(session.owner(), wants);
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
        thefts.addFirst(theft);
        if (thefts.size() > Limits.THEFTS) {
            thefts.removeLast();
        }
    }

    @Override
    public synchronized List<Intervention> thefts(int limit) {
        return thefts.stream().limit(limit).toList();
    }

    synchronized @Nullable Intervention theftOf(Ticket mine) {
        return thefts.stream()
                .filter(theft -> theft.ticket().equals(mine.id()))
                .findFirst()
                .orElse(null);
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
        return ticket != null && tokenOf(ticket).equals(token) && isGranted(ticket);
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
        List<Runnable> admittedHints;
        synchronized (this) {
            admittedHints = admitted.stream()
                    .map(ticket -> hints.get(ticket.position()))
                    .filter(Objects::nonNull)
                    .toList();
        }
        admittedHints.forEach(Runnable::run);
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
        wake(admitted);
        sessionsChanged();
    }

    synchronized boolean isGranted(Ticket ticket) {
        return blockersOf(table, ticket).isEmpty();
    }

    private Verdict verdict(Ticket ticket) {
        List<Ticket> blockers = blockersOf(table, ticket);
        return blockers.isEmpty() ? new Verdict.Granted(tokenOf(ticket)) : new Verdict.Blocked(blockers);
    }

    private List<Ticket> take(Ticket ticket) {
        table.remove(ticket.position());
        hints.remove(ticket.position());
        return table.admittedBy(ticket);
    }

    MemorySession ownerOf(Ticket ticket) {
        return session(new SessionId(ticket.owner().id()));
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
