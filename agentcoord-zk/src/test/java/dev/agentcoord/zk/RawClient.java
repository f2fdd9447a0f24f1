package dev.agentcoord.zk;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** A plain ZooKeeper client, to see and do what this backend would not. */
final class RawClient implements AutoCloseable {
    private static final int ANY_VERSION = -1;

    private final ZooKeeper client;

    RawClient(String connect) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        client = new ZooKeeper(connect, 10_000, event -> {
            if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
            }
        });
        connected.await();
    }

    void create(String path, String data) throws KeeperException, InterruptedException {
        client.create(path, bytes(data), ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    }

    void write(String path, String data) throws KeeperException, InterruptedException {
        client.setData(path, bytes(data), ANY_VERSION);
    }

    void delete(String path) throws KeeperException, InterruptedException {
        client.delete(path, ANY_VERSION);
    }

    boolean has(String path) throws KeeperException, InterruptedException {
        return client.exists(path, false) != null;
    }

    int version(String path) throws KeeperException, InterruptedException {
        Stat stat = new Stat();
        client.getData(path, false, stat);
        return stat.getVersion();
    }

    List<String> children(String path) throws KeeperException, InterruptedException {
        return client.getChildren(path, false);
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
