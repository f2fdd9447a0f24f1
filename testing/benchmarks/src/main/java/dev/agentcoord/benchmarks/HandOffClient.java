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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The main class of one process of {@link HandOffs}: takes its turn at the lock that a line names, and tells when it held it. */
final class HandOffClient {
    static final String FS = "fs";
    static final String REDIS = "redis";
    static final String END = "end";

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final LockRequest PATH = exclusive(file("src/hot"));

    private final StringBuilder told = new StringBuilder();

    /** Takes the lock, holds it and drops it. */
    @FunctionalInterface
    private interface Turn {
        void take(long holdNanos) throws InterruptedException;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        HandOffClient client = new HandOffClient();
        try (Coordinator coordinator = FsCoordinator.open(Path.of(args[0]), "hand-off")) {
            String name = "client-" + args[1];
            Locks locks = coordinator.join(Participant.named(name)).locks();
            Turn fs = hold -> client.takeFs(locks, hold);
            if (args[2].equals("-")) {
                client.obey(fs, fs);
                return;
            }
            try (RedisPeer.Lock lock = RedisPeer.lock(Integer.parseInt(args[2]), "hot", name)) {
                client.obey(fs, hold -> client.takeRedis(lock, hold));
            }
        }
    }

    private void obey(Turn fs, Turn redis) throws IOException, InterruptedException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        System.out.println("ready");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ", -1);
            Turn turn = words[0].equals(FS) ? fs : redis;
            long cpu = cpuNanos();
            LockSupport.parkNanos(Long.parseLong(words[1]) - System.nanoTime());
            long hold = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[3]));
            long rest = TimeUnit.MICROSECONDS.toNanos(Long.parseLong(words[4]));
            while (System.nanoTime() < Long.parseLong(words[2])) {
                turn.take(hold);
                pass(rest, System.nanoTime());
            }
            told.append(END).append(' ').append(cpuNanos() - cpu);
            System.out.println(told);
            told.setLength(0);
        }
    }

    private void takeFs(Locks locks, long hold) throws InterruptedException {
        Grant grant = locks.acquire(PATH, Wait.forever());
        long from = System.nanoTime();
        pass(hold, from);
        tell(from);
        grant.release();
    }

    private void takeRedis(RedisPeer.Lock lock, long hold) {
        while (!lock.tryLock()) {
            LockSupport.parkNanos(RETRY_NANOS);
        }
        long from = System.nanoTime();
        pass(hold, from);
        tell(from);
        lock.unlock();
    }

    private static void pass(long nanos, long from) {
        long left = nanos;
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = from + nanos - System.nanoTime();
        }
    }

    private void tell(long from) {
        told.append(from).append(' ').append(System.nanoTime()).append('\n');
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
