package dev.agentcoord.zk;

import dev.agentcoord.Subscription;
import java.time.Duration;
import org.apache.zookeeper.Watcher;

/**
 * Hints that the children of a znode may have changed. A watch is only ever a reason to look again: one is set anew before each hint,
 * after each reconnection, and now and then because a watch can be lost.
 */
final class SessionsWatch implements Subscription {
    private final Connection connection;
    private final String path;
    private final Runnable hint;
    private final Watcher watcher = event -> lookAgain();
    private final Subscription reconnected;
    private final Subscription recheck;
    private volatile boolean closed;

    SessionsWatch(Connection connection, String path, Runnable hint, Duration pause) {
        this.connection = connection;
        this.path = path;
        this.hint = hint;
        this.recheck = connection.worker().repeat(this::look, pause);
        this.reconnected = connection.onTransport(connected -> {
            if (connected) {
                look();
            }
        });
    }

    SessionsWatch start() {
        lookAgain();
        return this;
    }

    @Override
    public void close() {
        closed = true;
        recheck.close();
        reconnected.close();
    }

    private void lookAgain() {
        connection.worker().execute(this::look);
    }

    private void look() {
        if (!closed) {
            // Where it fails the reconnection looks again.
            var unused = connection.any().children(path, watcher);
            hint.run();
        }
    }
}
