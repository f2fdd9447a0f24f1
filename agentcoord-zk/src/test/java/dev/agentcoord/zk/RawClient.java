package dev.agentcoord.zk;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
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

    /** Makes the servers end a connection's session, as they do with one that was silent for too long. */
    static void expire(String connect, Connection connection) throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        ZooKeeper other =
                new ZooKeeper(connect, 10_000, event -> taken.countDown(), connection.id(), connection.password());
        taken.await();
        other.close();
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

    String read(String path) throws KeeperException, InterruptedException {
        return new String(client.getData(path, false, null), StandardCharsets.UTF_8);
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

    /** Makes so many znodes of a prefix and a number. */
    void fill(String prefix, int count) throws KeeperException, InterruptedException {
        for (int from = 0; from < count; from += 500) {
            client.multi(IntStream.range(from, Math.min(count, from + 500))
                    .mapToObj(
                            i -> Op.create(prefix + i, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT))
                    .toList());
        }
    }

    /** Makes those znodes, each in a transaction of its own; returns when the last is there. */
    void createEach(List<String> paths) throws InterruptedException {
        CountDownLatch made = new CountDownLatch(paths.size());
        for (String path : paths) {
            client.create(
                    path,
                    new byte[0],
                    ZooDefs.Ids.OPEN_ACL_UNSAFE,
                    CreateMode.PERSISTENT,
                    (rc, asked, context, name) -> made.countDown(),
                    null);
        }
        made.await();
    }

    /** Removes them again. */
    void empty(String prefix, int count) throws KeeperException, InterruptedException {
        for (int from = 0; from < count; from += 500) {
            client.multi(IntStream.range(from, Math.min(count, from + 500))
                    .mapToObj(i -> Op.delete(prefix + i, ANY_VERSION))
                    .toList());
        }
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
