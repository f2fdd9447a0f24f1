package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.core.Moment;
import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the ensemble that holds the asked ttl, and the thread it is used on. Curator looks after it and quietly opens a new
 * ZooKeeper session when one has expired; {@link #handle} is the session this connection began with and never becomes another.
 */
final class Connection implements AutoCloseable {
    private final ZkOptions options;
    private final Worker worker;
    private final CuratorFramework client;
    private final Moment begun;
    private @Nullable ZooKeeper handle;

    private Connection(ZkOptions options, Moment begun, Worker worker) {
        this.options = options;
        this.begun = begun;
        this.worker = worker;
        this.client = Clients.make(options);
    }

    /** Connects; throws a typed error within the options' timeout and leaves nothing open then. */
    static Connection open(ZkOptions options, TimeSource time, String thread) {
        Connection made = new Connection(options, Moment.now(time), new Worker(options, thread));
        try {
            made.worker.run("connect", made::start);
            return made;
        } catch (CoordinationException e) {
            made.close();
            throw e;
        }
    }

    /** For what any ZooKeeper session may do. */
    CuratorFramework client() {
        return client;
    }

    /** For what only the ZooKeeper session this connection began with may do. */
    ZooKeeper handle() {
        if (handle == null) {
            throw new IllegalStateException("not connected yet");
        }
        return handle;
    }

    Worker worker() {
        return worker;
    }

    /** Before the ZooKeeper session was made, so that the ensemble keeps it for at least one ttl from then. */
    Moment begun() {
        return begun;
    }

    /** How long the ensemble now waits for this session when it is silent. */
    Duration sessionTimeout() {
        return Duration.ofMillis(handle().getSessionTimeout());
    }

    /** Whether the ZooKeeper session may still be there; false is final. */
    boolean isAlive() {
        return handle().getState().isAlive();
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
        client.close();
        worker.close();
    }

    private void start() throws Exception {
        client.start();
        if (!client.blockUntilConnected((int) options.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
            throw Failures.late(options, "connect");
        }
        handle = client.getZookeeperClient().getZooKeeper();
        if (sessionTimeout().compareTo(options.ttl()) < 0) {
            throw new InvalidRequestException(
                    options.ttl(),
                    "ZooKeeper " + options.connect() + " keeps a silent session for "
                            + sessionTimeout().toMillis() + " ms at most, less than the asked ttl of "
                            + options.ttl().toMillis()
                            + " ms; ask for a shorter ttl, or raise maxSessionTimeout on every server");
        }
    }
}
