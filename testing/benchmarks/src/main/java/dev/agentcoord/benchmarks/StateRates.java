package dev.agentcoord.benchmarks;

import dev.agentcoord.SharedState;
import dev.agentcoord.benchmarks.Row.Goal;
import dev.agentcoord.benchmarks.Row.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import redis.clients.jedis.Jedis;

/** P8: compare-and-set of shared state, each on the disk before it returns. */
final class StateRates {
    private static final int CALLERS = 8;
    private static final int SLICES = 3;
    private static final String UNIT = "writes/s";
    private static final byte[] VALUE =
            "a value of some hundred bytes ".repeat(4).getBytes(StandardCharsets.US_ASCII);
    private static final Subject FLOOR = new Subject(
            "P8",
            "fs compare-and-set synced, 1 caller",
            "µs",
            Goal.atLeast(0.9, "x the speed of write, fsync, rename, fsync of the directory"));
    private static final Subject REDIS = new Subject(
            "P8", "fs compare-and-set synced, 8 callers in one JVM", UNIT, Goal.atLeast(1, "x Redis, AOF always"));
    private static final Subject LOG = new Subject(
            "P8",
            "bare log, 8 writers in one JVM share its syncs: the floor",
            UNIT,
            Goal.atLeast(1, "x Redis, AOF always"));
    private static final Subject ZK = new Subject(
            "P8", "ZooKeeper compare-and-set, 1 caller", "µs", Goal.atMost(1.3, "x the time of a bare setData"));
    private static final String COMPARE_AND_SET =
            "if redis.call('hget', KEYS[1], 'revision') == ARGV[1] then redis.call('hset', KEYS[1], 'revision', ARGV[2],"
                    + " 'value', ARGV[3]) return 1 else return 0 end";

    private final Ground ground;
    private final Peers peers;
    private final Pace pace;

    StateRates(Ground ground, Peers peers, Pace pace) {
        this.ground = ground;
        this.peers = peers;
        this.pace = pace;
    }

    List<Row> p8() throws IOException, InterruptedException {
        Path bare = Files.createDirectories(ground.directory().resolve("bare-state"));
        Contest.Results measured = new Contest()
                .add("fs", compareAndSet(ground.join("state", "client").state(), "key"))
                .add("floor", () -> replace(bare))
                .run(pace);
        Samples fs = measured.of("fs");
        Samples floor = measured.of("floor");
        Row one = Row.of(FLOOR, fs.median(), floor.describe("bare file", "µs"), floor.over(fs));
        RedisPeer redis = peers.syncedRedis();
        List<Row> rows = new ArrayList<>(List.of(one));
        rows.addAll(
                redis == null
                        ? List.of(Row.skipped(REDIS, RedisPeer.MISSING), Row.skipped(LOG, RedisPeer.MISSING))
                        : many(redis));
        rows.add(zookeeper());
        return rows;
    }

    private Row zookeeper() throws IOException, InterruptedException {
        ZkServer server = peers.zookeeper();
        Contest contest = new Contest()
                .add("zk", compareAndSet(server.join("state", "client").state(), "key"))
                .add("bare", setData(server.curator(), "/bare-key"));
        EtcdPeer etcd = peers.etcd();
        if (etcd != null) {
            contest.add("etcd", etcd.client().compareAndSet("key", VALUE));
        }
        Contest.Results measured = contest.run(pace);
        Samples own = measured.of("zk");
        Samples bare = measured.of("bare");
        String against = bare.describe("setData", "µs") + measured.beside("etcd", "µs", "etcd");
        return Row.of(ZK, own.median(), against, own.over(bare));
    }

    /** At the version that it made the last time. */
    private static Runnable setData(CuratorFramework client, String path) {
        try {
            client.create().forPath(path, VALUE);
        } catch (Exception e) {
            throw new IllegalStateException("a bare create failed", e);
        }
        int[] version = {0};
        return () -> {
            try {
                version[0] = client.getZookeeperClient()
                        .getZooKeeper()
                        .setData(path, VALUE, version[0])
                        .getVersion();
            } catch (Exception e) {
                throw new IllegalStateException("a bare setData failed", e);
            }
        };
    }

    private List<Row> many(RedisPeer redis) throws IOException, InterruptedException {
        try (GroupLog log = new GroupLog(ground.directory().resolve("bare-log"))) {
            return many(redis, log);
        }
    }

    private List<Row> many(RedisPeer redis, GroupLog log) throws InterruptedException {
        SharedState state = ground.join("states", "client").state();
        List<Runnable> ours = new ArrayList<>();
        List<Runnable> theirs = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            ours.add(compareAndSet(state, "key" + i));
            theirs.add(redisCompareAndSet(redis.port(), "key" + i));
        }
        List<Double> fs = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        List<Double> other = new ArrayList<>();
        List<Runnable> least = Collections.nCopies(CALLERS, () -> log.append(VALUE));
        for (List<Runnable> calls : List.of(ours, least, theirs)) {
            pace.warmUp(time -> rate(calls, time));
        }
        Duration time = pace.slice().multipliedBy(SLICES);
        for (int round = 0; round < pace.rounds(); round++) {
            fs.add(rate(ours, time));
            bare.add(rate(least, time));
            other.add(rate(theirs, time));
        }
        Samples own = new Samples(fs);
        Samples peer = new Samples(other);
        String against = String.format(Locale.ROOT, "Redis %.0f %s", peer.median(), UNIT);
        Samples floor = new Samples(bare);
        return List.of(
                Row.of(REDIS, own.median(), against, own.over(peer)),
                Row.of(LOG, floor.median(), against, floor.over(peer)));
    }

    /** Calls a second of all together. */
    private static double rate(List<Runnable> calls, Duration time) throws InterruptedException {
        AtomicLong count = new AtomicLong();
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (Runnable call : calls) {
            Thread thread = new Thread(() -> {
                while (System.nanoTime() < end) {
                    call.run();
                    count.incrementAndGet();
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return count.get() / ((System.nanoTime() - begin) / 1e9);
    }

    private static Runnable compareAndSet(SharedState state, String key) {
        long[] revision = {state.put(key, VALUE)};
        return () -> revision[0] = state.compareAndSet(key, revision[0], VALUE).orElseThrow();
    }

    private static Runnable redisCompareAndSet(int port, String key) {
        Jedis connection = new Jedis("127.0.0.1", port);
        String script = connection.scriptLoad(COMPARE_AND_SET);
        String value = new String(VALUE, StandardCharsets.US_ASCII);
        long[] revision = {0};
        connection.hset(key, "revision", "0");
        return () -> {
            String now = Long.toString(revision[0]);
            String next = Long.toString(++revision[0]);
            Object done = connection.evalsha(script, List.of(key), List.of(now, next, value));
            if (!Long.valueOf(1).equals(done)) {
                throw new IllegalStateException("Redis did not set " + key);
            }
        };
    }

    private static void replace(Path directory) {
        Path draft = directory.resolve("draft");
        try {
            try (FileChannel file = FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(VALUE));
                file.force(true);
            }
            Files.move(draft, directory.resolve("key"), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel channel = FileChannel.open(directory)) {
                channel.force(true);
            }

        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
