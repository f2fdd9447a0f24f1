package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.SessionClosedException;
import dev.agentcoord.Subscription;
import dev.agentcoord.core.Moment;
import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the ensemble that holds the asked ttl, and a thread for what it tells. Curator looks after it and quietly opens a new
 * ZooKeeper session when one has expired; {@link #own} is the session this connection began with and never becomes another.
 */
final class Connection implements AutoCloseable {
    /** How soon a login that was refused is noticed. */
    private static final int LOOK_MILLIS = 200;
    /** What {@link SafeDeadline} rests on. */
    private static final int TICKS = 5;
    /** Of what a server grants who asks for less. */
    private static final int LEAST_TICKS = 2;

    private final ZkOptions options;
    private final Outage outage;
    private final Worker worker;
    private final CuratorFramework client;
    private final Moment begun;
    private @Nullable DirectClient handle;
    private volatile Runnable ahead = () -> {};
    private volatile boolean closed;

    private Connection(ZkOptions options, Moment begun, Worker worker) {
        this.options = options;
        this.outage = Outage.of(options);
        this.begun = begun;
        this.worker = worker;
        this.client = Clients.make(options);
    }

    /** Connects; throws a typed error within the options' timeout and leaves nothing open then. */
    static Connection open(ZkOptions options, TimeSource time, String thread) {
        SaslLogin.prepare(options);
        Connection made = new Connection(options, Moment.now(time), new Worker(options, thread));
        try {
            made.outage.guard(
                    "connect",
                    () -> made.worker.call("connect", () -> {
                        made.start();
                        return true;
                    }));
            made.outage.over();
            return made;
        } catch (CoordinationException e) {
            made.close();
            throw e;
        }
    }

    /** What only the ZooKeeper session this connection began with may ask. */
    Requests own() {
        return new Requests(() -> {
            ahead.run();
            return handle();
        });
    }

    /** Has something done ahead of each request of {@link #own}, which may itself ask. */
    void ahead(Runnable step) {
        ahead = step;
    }

    /** What any ZooKeeper session may ask. */
    Requests any() {
        return new Requests(this::current);
    }

    Outage outage() {
        return outage;
    }

    Worker worker() {
        return worker;
    }

    /** Before the ZooKeeper session was made, so that the ensemble keeps it for at least one ttl from then. */
    Moment begun() {
        return begun;
    }

    /** The id of the ZooKeeper session this connection began with. */
    long id() {
        return handle().getSessionId();
    }

    /** What proves to the servers that a client owns that session. */
    byte[] password() {
        return handle().getSessionPasswd();
    }

    /** How long the ensemble now waits for this session when it is silent. */
    Duration sessionTimeout() {
        return Duration.ofMillis(handle().getSessionTimeout());
    }

    /** Whether the ZooKeeper session may still be there; false is final. */
    boolean isAlive() {
        return handle().getState().isAlive();
    }

    /** Whether a server is connected, as far as is known. */
    boolean isConnected() {
        return handle().getState().isConnected();
    }

    /** Tells, on the worker, when the transport is cut (false) and when it is there again (true). */
    Subscription onTransport(Consumer<Boolean> listener) {
        ConnectionStateListener transport = (curator, state) -> {
            if (state.isConnected()) {
                outage.over();
            }
            listener.accept(state.isConnected());
        };
        client.getConnectionStateListenable().addListener(transport, worker);
        return () -> client.getConnectionStateListenable().removeListener(transport);
    }

    /** Ends the ZooKeeper session, and with it whatever it made that is ephemeral; waits as long as the options allow. */
    @Override
    public void close() {
        try {
            worker.run("disconnect", this::closeNow);
        } catch (CoordinationException e) {
            // Closed already, or cut off: then the ensemble ends the session by itself.
            worker.close();
        }
    }

    /** As {@link #close}, on the worker itself. */
    void closeNow() {
        closed = true;
        client.close();
        worker.close();
    }

    private DirectClient handle() {
        if (handle == null) {
            throw new IllegalStateException("not connected yet");
        }
        return handle;
    }

    /** The one place where Curator's any exception becomes one of ours. */
    private DirectClient current() throws KeeperException {
        try {
            return (DirectClient) client.getZookeeperClient().getZooKeeper();
        } catch (KeeperException e) {
            throw e;
        } catch (Exception e) {
            if (closed) {
                throw new SessionClosedException(
                        options.space(), "this connection to ZooKeeper was closed; connect again");
            }
            throw Failures.of(options, "use the connection", e);
        }
    }

    /** A login that the servers do not accept ends the client, and is not told by Curator. */
    private boolean isRefused() {
        try {
            return client.getZookeeperClient().getZooKeeper().getState() == ZooKeeper.States.AUTH_FAILED;
        } catch (Exception e) {
            return false; // Not yet connected to anybody who could say so.
        }
    }

    private void start() throws InterruptedException, KeeperException {
        client.start();
        long end = System.nanoTime() + options.timeout().toNanos();
        while (!client.blockUntilConnected(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (isRefused()) {
                throw Failures.of(options, "connect", KeeperException.create(KeeperException.Code.AUTHFAILED));
            }
            if (System.nanoTime() - end >= 0) {
                throw Failures.late(options, "connect");
            }
        }
        handle = current();
        requireTtl();
    }

    /** The servers say nothing of their ticks, but keep no session for less than two of them unless they are told to. */
    private void requireTtl() {
        long granted = sessionTimeout().toMillis();
        long asked = options.ttl().toMillis();
        if (granted < asked) {
            throw new InvalidRequestException(
                    options.ttl(),
                    "ZooKeeper " + options.connect() + " keeps a silent session for " + granted
                            + " ms at most, less than the asked ttl of " + asked
                            + " ms; ask for a shorter ttl, or raise maxSessionTimeout on every server");
        }
        if (granted > asked) {
            throw new InvalidRequestException(
                    options.ttl(),
                    "ZooKeeper " + options.connect() + " keeps a silent session for " + granted
                            + " ms at least, more than the asked ttl of " + asked
                            + " ms, and certainty needs five ticks of the servers; ask for "
                            + granted * TICKS / LEAST_TICKS
                            + " ms, or lower tickTime, or minSessionTimeout where that is set, on every server");
        }
    }
}
