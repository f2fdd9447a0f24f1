package dev.agentcoord.zk;

import dev.agentcoord.Intervention;
import dev.agentcoord.Liveness;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionView;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.RunAll;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.zk.Requests.Found;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.KeeperException;

/** One space on a ZooKeeper ensemble: what everybody can see of it, on a connection beside those of the sessions. Thread-safe. */
final class ZkBackend implements Backend {
    private final Space space;
    private final Connection connection;
    private final Caller caller;
    private final Tickets tickets;
    private final List<ZkStoreSession> joined = new CopyOnWriteArrayList<>();

    private ZkBackend(Space space, Connection connection, Caller caller) {
        this.space = space;
        this.connection = connection;
        this.caller = caller;
        this.tickets = new Tickets(connection.any(), space.node().locks());
    }

    static ZkBackend connect(ZkOptions options, TimeSource time) {
        Connection connection = Connection.open(options, time, "agentcoord-zk");
        try {
            Caller caller = new Caller(options, connection.outage(), () -> {});
            SpaceNode node = caller.repeatedly(
                    "open space '" + options.space() + "'",
                    call -> SpaceNode.open(call, connection.any(), options, time));
            return new ZkBackend(new Space(options, time, node), connection, caller);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public String space() {
        return space.options().space();
    }

    @Override
    public long incarnation() {
        return space.node().incarnation();
    }

    /** How long the ensemble waits for a silent session, as negotiated: at least the ttl asked for. */
    Duration sessionTimeout() {
        return connection.sessionTimeout();
    }

    Requests requests() {
        return connection.any();
    }

    /** The root of the space. */
    String path() {
        return space.node().path();
    }

    <T> T inspect(Caller.Step<T> step) {
        return caller.repeatedly("look at the ensemble", step);
    }

    @Override
    public ZkStoreSession join(Participant participant, StoreEvents events) {
        ZkStoreSession session = ZkStoreSession.join(space, participant, events);
        joined.removeIf(ZkStoreSession::hasEnded);
        joined.add(session);
        return session;
    }

    /** The sessions of this object, but for those that had ended when the last was joined. */
    List<ZkStoreSession> joined() {
        return joined;
    }

    /** All are alive: the ensemble removes the record of one that is not. */
    @Override
    public List<SessionView> sessions() {
        return caller.repeatedly("list the sessions", this::readSessions);
    }

    @Override
    public List<Ticket> tickets() {
        return caller.repeatedly("list the locks", call -> {
            Removals.awaitAll(call);
            List<Ticket> all = new ArrayList<>();
            for (Ticket ticket : Live.all(call, tickets)) {
                all.add(TaskTickets.asHeld(call, connection.any(), space.node(), ticket));
            }
            return all;
        });
    }

    @Override
    public Optional<SessionId> claimerOf(Owner task) {
        return caller.repeatedly(
                "look who claims " + task,
                call -> TaskTickets.read(call, connection.any(), space.node(), task)
                        .filter(read -> read.state == TaskState.CLAIMED)
                        .map(read -> new SessionId(read.claimer)));
    }

    @Override
    public List<Intervention> thefts(int limit) {
        return caller.repeatedly(
                "list the thefts",
                call -> TheftLog.read(call, connection.any(), space.node().thefts()).stream()
                        .limit(limit)
                        .map(TheftLog.Entry::theft)
                        .toList());
    }

    @Override
    public Subscription watchSessions(Runnable hint) {
        return new SessionsWatch(connection, space.node().sessions(), hint, sessionTimeout()).start();
    }

    @Override
    public void close() {
        List<Runnable> all = new ArrayList<>();
        joined.forEach(session -> all.add(session::close));
        all.add(connection::close);
        RunAll.of(all);
    }

    private List<SessionView> readSessions(Call call) throws KeeperException {
        List<Placed> all = new ArrayList<>();
        for (Batches.Child child :
                Batches.children(call, connection.any(), space.node().sessions(), Batches.LARGE)) {
            Found found = child.found();
            SessionInfo info = SessionRecord.read(child.path(), found.bytes(), found.stat())
                    .info();
            all.add(new Placed(found.stat().getCzxid(), info));
        }
        all.sort(Comparator.comparingLong(Placed::position));
        return all.stream()
                .map(placed -> new SessionView(placed.info, Liveness.ALIVE))
                .toList();
    }

    /** A record and its place in the ensemble's total order. */
    private record Placed(long position, SessionInfo info) {}
}
