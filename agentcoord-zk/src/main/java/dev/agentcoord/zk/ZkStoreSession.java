package dev.agentcoord.zk;

import dev.agentcoord.Intervention;
import dev.agentcoord.LossCause;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.ThisProcess;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.ACL;

/**
 * One live session in a space: an ephemeral record on a connection of its own, and the heartbeat that proves it. It ends with
 * {@link #close}, with its process, or when the ensemble or its own deadline says so, and never re-opens itself. Thread-safe.
 */
final class ZkStoreSession implements StoreSession {
    private final Space space;
    private final SessionInfo info;
    private final Connection connection;
    private final SessionRecord record;
    private final StoreEvents events;
    private final Duration ttl;
    private final List<ACL> acl;
    private final Caller caller;
    private final Standing standing;
    private final Removals removals;
    private final Tickets readTickets;
    private final Notes notes;
    private final Thefts thefts;
    private final ZkTicketStore tickets;
    private final Commits commits;
    private final TaskTickets taskTickets;
    private final ZkStateStore state;
    private final Heartbeat heartbeat;
    private final StoreClock clock;
    private final Map<String, ZkTaskStore> queues = new ConcurrentHashMap<>();
    private final AtomicBoolean closing = new AtomicBoolean();

    private ZkStoreSession(Space space, Connection connection, SessionInfo info, StoreEvents events) {
        this.space = space;
        this.info = info;
        this.connection = connection;
        this.events = events;
        this.ttl = connection.sessionTimeout();
        this.record = SessionRecord.of(space.node().sessions(), info, ttl);
        this.acl = Clients.acl(space.options());
        this.caller = new Caller(space.options(), connection.outage(), this::endLost);
        SafeDeadline deadline = new SafeDeadline(ttl, connection.begun(), space.time());
        this.standing = new Standing(deadline, events);
        this.removals = new Removals(connection, record, space.node().locks(), standing::hasEnded);
        connection.ahead(removals::flush);
        this.readTickets = new Tickets(connection.own().awaited(), space.node().locks());
        this.notes = new Notes(this);
        this.thefts = new Thefts(this);
        this.taskTickets = new TaskTickets(this);
        this.tickets = new ZkTicketStore(this);
        this.clock = new StoreClock(space.time());
        this.commits = new Commits(this);
        this.state = new ZkStateStore(this);
        this.heartbeat = new Heartbeat(this, standing, deadline);
    }

    /** Connects, publishes the record and starts the heartbeat; leaves nothing behind where it fails. */
    static ZkStoreSession join(Space space, Participant participant, StoreEvents events) {
        TimeSource time = space.time();
        Connection connection = Connection.open(space.options(), time, "agentcoord-zk-" + participant.agent());
        try {
            SessionInfo info = ThisProcess.read().record(SessionId.random(), participant, time.wall());
            ZkStoreSession session = new ZkStoreSession(space, connection, info, events);
            session.caller.once("join space '" + space.options().space() + "'", call -> {
                session.clock.learn(
                        session.record.create(call, connection, session.acl).getCtime());
                return true;
            });
            session.heartbeat.start();
            return session;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public SessionInfo info() {
        return info;
    }

    @Override
    public Duration safeFor() {
        return standing.safeFor();
    }

    /** How long the ensemble waits for it when it is silent, as negotiated: at least the ttl asked for. */
    Duration ttl() {
        return ttl;
    }

    @Override
    public ZkTicketStore tickets() {
        return tickets;
    }

    @Override
    public ZkTaskStore tasks(String queue) {
        return queues.computeIfAbsent(queue, name -> new ZkTaskStore(this, name));
    }

    @Override
    public ZkStateStore state() {
        return state;
    }

    /**
     * Removes its record and waits until the ensemble knows; closing twice does nothing. Throws
     * {@link dev.agentcoord.StoreUnavailableException} where the ensemble cannot be told: it then ends the session one ttl later.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        try {
            connection.worker().run("close session " + info.id(), standing::closed);
            if (standing.told() == SessionStatus.CLOSED) {
                new Caller(space.options(), connection.outage(), () -> {})
                        .repeatedly(
                                "remove session " + info.id() + ", which ends by itself within " + ttl,
                                this::removeRecord);
            }
        } catch (SessionClosedException e) {
            // It was lost, which left nothing to remove.
            return;
        } finally {
            connection.close();
        }
    }

    private boolean removeRecord(Call call) throws KeeperException {
        try {
            return call.await(connection.own().delete(record.path()));
        } catch (KeeperException.SessionExpiredException e) {
            return false; // Nothing is left to be removed.
        }
    }

    /** Throws what the SPI says once the session has ended, and that was told. */
    void requireOpen() {
        if (!standing.hasEnded()) {
            return;
        }
        awaitTold();
        switch (standing.told()) {
            case CLOSED ->
                throw new SessionClosedException(info.id(), "session " + info.id() + " was closed; join again");
            case LOST ->
                throw new SessionLostException(
                        info.id(),
                        "session " + info.id()
                                + " is lost and so is all it held; stop what relies on it, then join again");
            case CONNECTED, SUSPENDED -> {
                // Ending just now on this very thread.
            }
        }
    }

    /** Whether it has ended, told or not yet. */
    boolean hasEnded() {
        return standing.hasEnded();
    }

    /** The session is no more: whoever finds that out returns when it was told. Never on the session's own thread or ZooKeeper's. */
    void endLost() {
        try {
            connection.worker().run("tell that session " + info.id() + " is lost", standing::lost);
        } catch (SessionClosedException e) {
            return; // Its thread has ended, and told it before.
        }
        if (standing.told() == SessionStatus.LOST) {
            connection.worker().execute(connection::closeNow);
        }
    }

    /** Ends it as lost, and returns when the ensemble knows too. */
    void die() {
        endLost();
        connection.close();
    }

    /** What has begun on the session's own thread is done. */
    private void awaitTold() {
        try {
            connection.worker().run("end session " + info.id(), () -> {});
        } catch (SessionClosedException e) {
            return;
        }
    }

    /** A ticket is void: told where it was granted, else its asker looks again. */
    void tellLost(OwnTicket ticket, LossCause cause) {
        if (ticket.isGranted()) {
            events.lost(ticket.ticket().id(), cause);
        } else {
            ticket.hint().run();
        }
    }

    void tellAsked(Intervention question) {
        events.releaseRequested(question);
    }

    Space space() {
        return space;
    }

    Connection connection() {
        return connection;
    }

    SessionRecord record() {
        return record;
    }

    List<ACL> acl() {
        return acl;
    }

    Caller caller() {
        return caller;
    }

    Commits commits() {
        return commits;
    }

    TaskTickets taskTickets() {
        return taskTickets;
    }

    StoreClock clock() {
        return clock;
    }

    Removals removals() {
        return removals;
    }

    Tickets readTickets() {
        return readTickets;
    }

    Notes notes() {
        return notes;
    }

    Thefts thefts() {
        return thefts;
    }
}
