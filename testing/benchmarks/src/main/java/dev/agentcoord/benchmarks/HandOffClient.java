package dev.agentcoord.benchmarks;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;

import com.sun.management.OperatingSystemMXBean;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Locks;
import dev.agentcoord.Participant;
import dev.agentcoord.Wait;
import dev.agentcoord.fs.FsCoordinator;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The main class of one process of {@link HandOffs}: takes its turn at the lock that a line names, and tells when it held it. */
final class HandOffClient {
    static final String FS = "fs";
    static final String REDIS = "redis";
    static final String RING = "ring";
    static final String END = "end";

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final LockRequest PATH = exclusive(file("src/hot"));

    private final StringBuilder told = new StringBuilder();

    /** Takes the lock, holds it and drops it, over and over until it is time to end. */
    @FunctionalInterface
    private interface Turns {
        void take(long holdNanos, long restNanos, long end) throws IOException, InterruptedException;
    }

    /** The same, once. */
    @FunctionalInterface
    private interface Turn {
        void take(long holdNanos) throws InterruptedException;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        HandOffClient client = new HandOffClient();
        int number = Integer.parseInt(args[1]);
        try (Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), "hand-off");
                TokenRing ring = new TokenRing(Path.of(args[2]), number, Integer.parseInt(args[3]))) {
            String name = "client-" + number;
            Locks locks = coordinator.join(Participant.named(name)).locks();
            Map<String, Turns> contenders = new HashMap<>();
            contenders.put(FS, each(hold -> client.takeFs(locks, hold)));
            contenders.put(RING, (hold, rest, end) -> ring.run(end, () -> client.hold(hold)));
            if (args[4].equals("-")) {
                client.obey(contenders);
                return;
            }
            try (RedisPeer.Lock lock = RedisPeer.lock(Integer.parseInt(args[4]), "hot", name)) {
                contenders.put(REDIS, each(hold -> client.takeRedis(lock, hold)));
                client.obey(contenders);
            }
        }
    }

    private static Turns each(Turn turn) {
        return (hold, rest, end) -> {
            while (System.nanoTime() < end) {
                turn.take(hold);
                pass(rest, System.nanoTime());
            }
        };
    }

    private void obey(Map<String, Turns> contenders) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            Turns turns = Objects.requireNonNull(contenders.get(words[0]), line);
            long cpu = cpuNanos();
            LockSupport.parkNanos(Long.parseLong(words[1]) - System.nanoTime());
            long hold = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[3]));
            long rest = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[4]));
            turns.take(hold, rest, Long.parseLong(words[2]));
            told.append(END).append(' ').append(cpuNanos() - cpu);
            System.out.println(told);
            told.setLength(0);
        }
    }

    private void takeFs(Locks locks, long hold) throws InterruptedException {
        Grant grant = locks.acquire(PATH, Wait.forever());
        hold(hold);
        grant.release();
    }

    private void takeRedis(RedisPeer.Lock lock, long hold) {
        while (!lock.tryLock()) {
            LockSupport.parkNanos(RETRY_NANOS);
        }
        hold(hold);
        lock.unlock();
    }

    private void hold(long nanos) {
        long from = System.nanoTime();
        pass(nanos, from);
        told.append(from).append(' ').append(System.nanoTime()).append('\n');
    }

    private static void pass(long nanos, long from) {
        long left = nanos;
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = from + nanos - System.nanoTime();
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
