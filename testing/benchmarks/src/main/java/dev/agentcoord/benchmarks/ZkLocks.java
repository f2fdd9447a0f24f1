package dev.agentcoord.benchmarks;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;

import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.benchmarks.Row.Goal;
import dev.agentcoord.benchmarks.Row.Subject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs.Ids;
import org.apache.zookeeper.ZooKeeper;
import org.redisson.api.RLock;

/** P4: one client takes and drops locks on ZooKeeper that nobody else wants. */
final class ZkLocks {
    private static final String US = "µs";
    private static final int PATHS = 10;
    private static final String REDISSON = "Redisson, in memory";
    private static final String ETCD = "etcd";
    private static final String CYCLE = "ZooKeeper acquire+release, ";
    private static final Subject WARM = new Subject(
            "P4", CYCLE + "the same path", US, Goal.atLeast(1.6, "x the speed of Curator's InterProcessMutex"));
    private static final Subject NEW = new Subject(
            "P4", CYCLE + "a new path each time", US, Goal.atLeast(3.5, "x the speed of Curator's InterProcessMutex"));
    private static final Subject TEN = new Subject(
            "P4",
            CYCLE + PATHS + " paths in one request",
            US,
            Goal.atLeast(12, "x the speed of Curator's InterProcessMultiLock"));
    private static final Subject ALONE =
            new Subject("P4", "ZooKeeper acquire alone, the same path", US, Goal.atMost(1.6, "x one bare create"));

    private final Peers peers;
    private final Pace pace;

    ZkLocks(Peers peers, Pace pace) {
        this.peers = peers;
        this.pace = pace;
    }

    List<Row> p4() throws IOException, InterruptedException {
        ZkServer server = peers.zookeeper();
        CuratorFramework curator = server.curator();
        Session session = server.join("p4", "client");
        Contest contest = new Contest()
                .add("warm", OneClient.lockAndUnlock(session, exclusive(file("src/a"))))
                .add("curator warm", CuratorLocks.mutex(curator, "/p4/warm"))
                .add("new", onNewPaths(session))
                .add("curator new", CuratorLocks.mutexOnNewPaths(curator, "/p4/new"))
                .add("ten", OneClient.lockAndUnlock(session, exclusive(OneClient.paths(PATHS, "many/"))))
                .add("curator ten", CuratorLocks.multiLock(curator, "/p4/many", PATHS))
                .addTimed("alone", acquireAlone(session))
                .addTimed("create", createAlone(curator));
        addOthers(contest);
        return rows(contest.run(pace));
    }

    /** Beside the first row, where no goal speaks of them. */
    private void addOthers(Contest contest) throws IOException, InterruptedException {
        RedisPeer redis = peers.redis();
        if (redis != null) {
            RLock lock = redis.redisson().getLock("p4");
            contest.add(REDISSON, cycle(lock::lock, lock::unlock));
        }
        EtcdPeer etcd = peers.etcd();
        if (etcd != null) {
            EtcdClient.Lock lock = etcd.client().lock("p4");
            contest.add(ETCD, cycle(lock::lock, lock::unlock));
        }
    }

    private static Runnable cycle(Runnable lock, Runnable unlock) {
        return () -> {
            lock.run();
            unlock.run();
        };
    }

    private static List<Row> rows(Contest.Results measured) {
        List<Row> rows = new ArrayList<>();
        String others = measured.beside(REDISSON, US, "redis-server") + measured.beside(ETCD, US, "etcd");
        rows.add(faster(WARM, measured, "warm", others));
        rows.add(faster(NEW, measured, "new", ""));
        rows.add(faster(TEN, measured, "ten", ""));
        Samples alone = measured.of("alone");
        Samples create = measured.of("create");
        rows.add(Row.of(ALONE, alone.median(), create.describe("create", US), alone.over(create)));
        return rows;
    }

    private static Row faster(Subject subject, Contest.Results measured, String name, String beside) {
        Samples own = measured.of(name);
        Samples curator = measured.of("curator " + name);
        return Row.of(subject, own.median(), curator.describe("Curator", US) + beside, curator.over(own));
    }

    private static Runnable onNewPaths(Session session) {
        int[] number = {0};
        return () -> OneClient.lockAndUnlock(session, exclusive(file("new/" + number[0]++)))
                .run();
    }

    /** The next waits until the release has arrived, so that nothing of it is in what is timed. */
    private static LongSupplier acquireAlone(Session session) {
        LockRequest request = exclusive(file("src/alone"));
        return () -> {
            try {
                long begun = System.nanoTime();
                Grant grant = session.locks().acquire(request, Wait.forever());
                long nanos = System.nanoTime() - begun;
                grant.release();
                session.state().get("whatever");
                return nanos;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while measuring", e);
            }
        };
    }

    /** Of what a ticket is: an ephemeral znode with a number. */
    private static LongSupplier createAlone(CuratorFramework curator) {
        return () -> {
            try {
                ZooKeeper client = curator.getZookeeperClient().getZooKeeper();
                long begun = System.nanoTime();
                String path =
                        client.create("/bare-", new byte[0], Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL_SEQUENTIAL);
                long nanos = System.nanoTime() - begun;
                client.delete(path, -1);
                return nanos;
            } catch (Exception e) {
                throw new IllegalStateException("a bare create failed", e);
            }
        };
    }
}
