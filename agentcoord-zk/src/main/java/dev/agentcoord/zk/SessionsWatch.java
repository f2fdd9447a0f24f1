package dev.agentcoord.zk;

import dev.agentcoord.Subscription;
import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.ConnectionStateListener;
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
    private final ConnectionStateListener reconnected = this::transportChanged;
    private final Subscription recheck;
    private volatile boolean closed;

    SessionsWatch(Connection connection, String path, Runnable hint, Duration pause) {
        this.connection = connection;
        this.path = path;
        this.hint = hint;
        this.recheck = connection.worker().repeat(this::look, pause);
    }

    SessionsWatch start() {
        connection.client().getConnectionStateListenable().addListener(reconnected, connection.worker());
        lookAgain();
        return this;
    }

    @Override
    public void close() {
        closed = true;
        recheck.close();
        connection.client().getConnectionStateListenable().removeListener(reconnected);
    }

    private void transportChanged(CuratorFramework client, ConnectionState state) {
        if (state.isConnected()) {
            look();
        }
    }

    private void lookAgain() {
        connection.worker().execute(this::look);
    }

    private void look() {
        if (closed) {
            return;
        }
        try {
            connection
                    .client()
                    .getChildren()
                    .usingWatcher(watcher)
                    .inBackground()
                    .forPath(path);
        } catch (Exception e) {
            // Not connected: the reconnection looks again.
            return;
        }
        hint.run();
    }
}
