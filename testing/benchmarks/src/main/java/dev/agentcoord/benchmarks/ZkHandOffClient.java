package dev.agentcoord.benchmarks;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;

import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.Participant;
import dev.agentcoord.Wait;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;

/** The main class of one process of {@link ZkHandOffs}: some threads with a session each, that take turns at the lock a line names. */
final class ZkHandOffClient implements AutoCloseable {
    static final String ZK = "zk";
    static final String CURATOR = "curator";
    static final String REDISSON = "redisson";
    static final String ETCD = "etcd";

    private static final String NONE = "-";

    private static final LockRequest PATH = exclusive(file("src/hot"));

    private final Map<String, List<Turn>> contenders = new HashMap<>();
    private final List<Runnable> ends = new ArrayList<>();

    /** Takes the lock, runs what is to be done under it, and drops it. */
    @FunctionalInterface
    private interface Turn {
        void take(Runnable hold) throws InterruptedException;
    }

    /** Where a server listens, as an argument; there may be none. */
    static String port(@Nullable Peer server) {
        return server == null ? NONE : Integer.toString(server.port());
    }

    public static void main(String[] args) throws IOException {
        try (ZkHandOffClient client = new ZkHandOffClient()) {
            for (int lane = 0; lane < Integer.parseInt(args[2]); lane++) {
                client.open(args[0], "client-" + args[1] + '-' + lane);
            }
            if (!args[3].equals(NONE)) {
                client.openRedisson(Integer.parseInt(args[3]));
            }
            if (!args[4].equals(NONE)) {
                client.openEtcd(Integer.parseInt(args[4]));
            }
            client.obey();
        }
    }

    private void open(String connect, String name) {
        Locks locks = ZkServer.coordinator(connect, "hand-off", ZkServer.TTL)
                .join(Participant.named(name))
                .locks();
        add(ZK, hold -> {
            Grant grant = locks.acquire(PATH, Wait.forever());
            hold.run();
            grant.release();
        });
        InterProcessMutex mutex = new InterProcessMutex(ZkServer.curator(connect), "/hand-off");
        add(CURATOR, hold -> {
            CuratorLocks.acquire(mutex);
            hold.run();
            CuratorLocks.release(mutex);
        });
    }

    private void openRedisson(int port) {
        RedissonClient redisson = RedisPeer.redisson(port);
        ends.add(redisson::shutdown);
        RLock lock = redisson.getLock("hand-off");
        add(REDISSON, turn(lock::lock, lock::unlock));
    }

    private void openEtcd(int port) {
        EtcdClient etcd = new EtcdClient(port);
        ends.add(etcd::close);
        EtcdClient.Lock lock = etcd.lock("hand-off");
        add(ETCD, turn(lock::lock, lock::unlock));
    }

    private static Turn turn(Runnable lock, Runnable unlock) {
        return hold -> {
            lock.run();
            hold.run();
            unlock.run();
        };
    }

    private void add(String kind, Turn turn) {
        contenders.computeIfAbsent(kind, k -> new ArrayList<>()).add(turn);
    }

    private void obey() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            List<Turn> turns = Objects.requireNonNull(contenders.get(words[0]), line);
            long begin = Long.parseLong(words[1]);
            long end = Long.parseLong(words[2]);
            long hold = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[3]));
            System.out.print(together(turns.subList(0, Integer.parseInt(words[5])), begin, end, hold));
            System.out.println(HandOffClient.END + " 0");
        }
    }

    private static String together(List<Turn> turns, long begin, long end, long hold) {
        List<StringBuilder> told = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int lane = 0; lane < turns.size(); lane++) {
            Turn turn = turns.get(lane);
            String number = " " + lane + '\n';
            StringBuilder tale = new StringBuilder();
            told.add(tale);
            Thread thread = new Thread(() -> take(turn, begin, end, () -> {
                long from = System.nanoTime();
                pass(hold, from);
                tale.append(from).append(' ').append(System.nanoTime()).append(number);
            }));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            joinUninterrupted(thread);
        }
        return String.join("", told);
    }

    private static void joinUninterrupted(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a client of the benchmark", e);
        }
    }

    private static void take(Turn turn, long begin, long end, Runnable hold) {
        pass(begin - System.nanoTime(), System.nanoTime());
        try {
            while (System.nanoTime() < end) {
                turn.take(hold);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a client of the benchmark", e);
        }
    }

    private static void pass(long nanos, long from) {
        long left = nanos;
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = from + nanos - System.nanoTime();
        }
    }

    /** What keeps the process alive; all else ends with it. */
    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
