package dev.agentcoord.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.ZooKeeper;

/** Counts the znodes of a space that should be gone once all its sessions have ended. By the format, not through the backend. */
final class ZkLeftovers {
    private static final String SPACE = "/agentcoord/" + BackendOpener.SPACE;
    private static final int SESSION_MILLIS = 10_000;
    private static final int PAUSE_MILLIS = 250;
    private static final int PATIENCE_SECONDS = 60;

    private final String connect;

    ZkLeftovers(String connect) {
        this.connect = connect;
    }

    /** By kind; once nothing is left, or when the time in which everything should have gone has passed several times. */
    Map<String, Integer> count() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        ZooKeeper client = connected();
        try {
            Map<String, Integer> left = countOnce(client);
            while (left.values().stream().anyMatch(count -> count != 0) && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                left = countOnce(client);
            }
            return left;
        } finally {
            client.close();
        }
    }

    private ZooKeeper connected() {
        try {
            return new ZooKeeper(connect, SESSION_MILLIS, event -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Integer> countOnce(ZooKeeper client) throws InterruptedException {
        Map<String, Integer> left = new TreeMap<>();
        try {
            client.sync(SPACE);
            left.put("sessions", children(client, "/sessions"));
            left.put("tickets", children(client, "/locks"));
            left.put("notes", children(client, "/notes"));
            left.put("writers", children(client, "/writers"));
            left.put("claims", 0);
            left.put("consumers", 0);
            for (String queue : client.getChildren(SPACE + "/queues", false)) {
                String root = "/queues/" + queue;
                left.merge("consumers", children(client, root + "/waiting"), Integer::sum);
                for (String claimer : client.getChildren(SPACE + root + "/claimed", false)) {
                    left.merge("claims", children(client, root + "/claimed/" + claimer), Integer::sum);
                }
            }
            return left;
        } catch (ConnectionLossException e) {
            return Map.of("unknown", 1);
        } catch (KeeperException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int children(ZooKeeper client, String below) throws InterruptedException, KeeperException {
        try {
            return client.getChildren(SPACE + below, false).size();
        } catch (NoNodeException e) {
            return 0; // An empty directory of claims that the servers have just removed.
        }
    }
}
