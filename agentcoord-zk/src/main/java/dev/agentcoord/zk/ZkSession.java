package dev.agentcoord.zk;

import dev.agentcoord.Participant;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.core.Moment;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.ThisProcess;
import dev.agentcoord.spi.StoreEvents;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.KeeperException;

/**
 * One live session in a space: an ephemeral record on a connection of its own, and the heartbeat that proves it. It ends with
 * {@link #close}, with its process, or when the ensemble or its own deadline says so, and never re-opens itself. Thread-safe.
 */
public final class ZkSession implements AutoCloseable {
    /** How often a session looks at the clocks within one ttl. */
    private static final int REVIEWS = 20;

    private final SessionInfo info;
    private final TimeSource time;
    private final Connection connection;
    private final SessionRecord record;
    private final Duration ttl;
    private final SafeDeadline deadline;
    private final Standing standing;
    private final AtomicBoolean closing = new AtomicBoolean();
    private Moment lastBeat;

    private ZkSession(
            SessionInfo info, SessionRecord record, Connection connection, TimeSource time, StoreEvents events) {
        this.info = info;
        this.time = time;
        this.connection = connection;
        this.record = record;
        this.ttl = connection.sessionTimeout();
        this.deadline = new SafeDeadline(ttl, connection.begun(), time);
        this.standing = new Standing(deadline, events);
        this.lastBeat = connection.begun();
    }

    /** Connects, publishes the record and starts the heartbeat; leaves nothing behind where it fails. */
    static ZkSession join(Space space, Participant participant, StoreEvents events) {
        TimeSource time = space.time();
        Connection connection = Connection.open(space.options(), time, "agentcoord-zk-" + participant.agent());
        try {
            SessionInfo info = ThisProcess.read().record(SessionId.random(), participant, time.wall());
            SessionRecord record = new SessionRecord(connection, space.node().sessions(), info);
            ZkSession session = new ZkSession(info, record, connection, time, events);
            connection.worker().run("join space '" + space.options().space() + "'", () -> {
                record.create(Clients.acl(space.options()));
                session.start();
            });
            return session;
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Its immutable record, as others read it. */
    public SessionInfo info() {
        return info;
    }

    /** For how long the ensemble certainly keeps it, from now; zero when that cannot be said, or it has ended. No round trip. */
    public Duration safeFor() {
        return standing.safeFor();
    }

    /** How long the ensemble waits for it when it is silent, as negotiated: at least the ttl asked for. */
    public Duration ttl() {
        return ttl;
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
            connection
                    .worker()
                    .run("remove session " + info.id() + ", which ends by itself within " + ttl, this::leave);
        } catch (SessionClosedException e) {
            // It was lost, which left nothing to remove.
            return;
        } finally {
            connection.close();
        }
    }

    private void leave() throws Exception {
        if (!standing.hasEnded()) {
            standing.closed();
            record.delete();
        }
    }

    /** Its repeated review ends with the worker. */
    private void start() {
        connection
                .client()
                .getConnectionStateListenable()
                .addListener((client, state) -> transportChanged(state), connection.worker());
        connection.worker().repeat(this::review, ttl.dividedBy(REVIEWS));
        beat();
    }

    private void transportChanged(ConnectionState state) {
        if (!state.isConnected()) {
            standing.disconnected();
        } else if (!standing.hasEnded()) {
            beat();
        }
    }

    private void review() {
        if (!connection.isAlive() || connection.sessionTimeout().compareTo(ttl) < 0) {
            standing.lost();
        }
        standing.review();
        if (standing.hasEnded()) {
            connection.closeNow();
        } else if (lastBeat.longestUntil(Moment.now(time)).compareTo(deadline.heartbeat()) >= 0) {
            beat();
        }
    }

    private void beat() {
        Moment sent = Moment.now(time);
        lastBeat = sent;
        record.touch((code, path, context, stat) ->
                connection.worker().execute(() -> beatAnswered(sent, KeeperException.Code.get(code))));
    }

    private void beatAnswered(Moment sent, KeeperException.Code code) {
        switch (code) {
            case OK -> standing.acknowledged(sent);
            case CONNECTIONLOSS -> standing.disconnected();
            case NONODE, SESSIONEXPIRED -> standing.lost();
            default ->
                standing.review(); // Not allowed, or a server in trouble: without an answer the deadline decides.
        }
    }
}
