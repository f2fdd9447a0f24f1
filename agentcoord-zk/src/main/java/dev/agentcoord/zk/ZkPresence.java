package dev.agentcoord.zk;

import dev.agentcoord.Liveness;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionView;
import dev.agentcoord.Subscription;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.spi.StoreEvents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.data.Stat;

/**
 * Who is present in one space on a ZooKeeper ensemble: join it, list its sessions, watch them. Locks, queues and state are not in this
 * version of the backend, so it is no {@link dev.agentcoord.Coordinator} yet. Thread-safe.
 */
public final class ZkPresence implements AutoCloseable {
    private final Space space;
    private final Connection connection;
    private final List<ZkSession> joined = new CopyOnWriteArrayList<>();

    private ZkPresence(Space space, Connection connection) {
        this.space = space;
        this.connection = connection;
    }

    /**
     * Connects and opens the space, which is made if it is new. Throws {@link dev.agentcoord.StoreUnavailableException} where the
     * ensemble cannot be reached in time or refuses, {@link dev.agentcoord.InvalidRequestException} for a chroot that does not exist or
     * a ttl the servers do not grant, {@link dev.agentcoord.StoreFormatException} for a space of a newer version.
     */
    public static ZkPresence connect(ZkOptions options) {
        return connect(options, TimeSource.system());
    }

    static ZkPresence connect(ZkOptions options, TimeSource time) {
        Connection connection = Connection.open(options, time, "agentcoord-zk");
        try {
            SpaceNode node = connection
                    .worker()
                    .call(
                            "open space '" + options.space() + "'",
                            () -> SpaceNode.open(connection.client(), options, time));
            return new ZkPresence(new Space(options, time, node), connection);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The name of the space. */
    public String space() {
        return space.options().space();
    }

    /** The ordered incarnation of the space: a space that was wiped and made again has a larger one. */
    public long incarnation() {
        return space.node().incarnation();
    }

    /** How long the ensemble waits for a silent session, as negotiated: at least the ttl asked for. */
    public Duration sessionTimeout() {
        return connection.sessionTimeout();
    }

    /** Registers a new session on a connection of its own; its events come one at a time, on a thread of the session's. */
    public ZkSession join(Participant participant, StoreEvents events) {
        ZkSession session = ZkSession.join(space, participant, events);
        joined.add(session);
        return session;
    }

    /** All live sessions, earliest first. All are alive: the ensemble removes the record of one that is not. */
    public List<SessionView> sessions() {
        return connection.worker().call("list the sessions", this::read);
    }

    /** Calls the hint, which must return quickly, soon after the call and whenever {@link #sessions()} may have changed. */
    public Subscription watchSessions(Runnable hint) {
        return new SessionsWatch(connection, space.node().sessions(), hint, sessionTimeout()).start();
    }

    /** Closes the sessions that are still open, then the connection. */
    @Override
    public void close() {
        try {
            joined.forEach(ZkSession::close);
        } finally {
            connection.close();
        }
    }

    private List<SessionView> read() throws Exception {
        CuratorFramework client = connection.client();
        List<Placed> all = new ArrayList<>();
        for (String name : client.getChildren().forPath(space.node().sessions())) {
            read(client, space.node().sessions() + "/" + name).ifPresent(all::add);
        }
        all.sort(Comparator.comparingLong(Placed::position));
        return all.stream()
                .map(placed -> new SessionView(placed.info, Liveness.ALIVE))
                .toList();
    }

    private static Optional<Placed> read(CuratorFramework client, String path) throws Exception {
        Stat stat = new Stat();
        try {
            byte[] bytes = client.getData().storingStatIn(stat).forPath(path);
            return Optional.of(new Placed(stat.getCzxid(), SessionRecord.read(path, bytes, stat)));
        } catch (NoNodeException e) {
            return Optional.empty(); // It ended since the listing.
        }
    }

    /** A record and its place in the ensemble's total order. */
    private record Placed(long position, SessionInfo info) {}
}
