package dev.agentcoord.benchmarks;

import dev.agentcoord.Grant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.benchmarks.Row.Goal;
import dev.agentcoord.benchmarks.Row.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** P12: a holder is killed while somebody waits. */
final class DeadHolders {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Subject FREE = new Subject(
            "P12", "fs: lock of a killed holder granted to a waiter, the slowest of all", "ms", Goal.atMost(1, "s"));

    /** Of sessions on ZooKeeper that are killed: the least for servers with such a tick. */
    static final Duration TTL = ZkServer.TICK.multipliedBy(5);

    private static final Subject ZK_FREE = new Subject(
            "P12",
            "ZooKeeper: lock of a killed holder granted to a waiter, the slowest of all",
            "ms",
            Goal.atMost(1, "x the session's timeout and one tick"));
    /** Each round lasts as long as the session's timeout. */
    private static final int MOST_ROUNDS = 5;

    private final Ground ground;
    private final Peers peers;
    private final Pace pace;

    DeadHolders(Ground ground, Peers peers, Pace pace) {
        this.ground = ground;
        this.peers = peers;
        this.pace = pace;
    }

    List<Row> p12() throws IOException, InterruptedException {
        Samples fs = measure(
                ground.join(HolderClient.SPACE, "waiter"),
                List.of(HolderClient.FS, ground.store().toString()),
                pace.rounds());
        ZkServer server = peers.zookeeper();
        Samples zk = measure(
                server.join(HolderClient.SPACE, "waiter", TTL),
                List.of(HolderClient.ZK, server.connect()),
                Math.min(MOST_ROUNDS, pace.rounds()));
        double bound = TTL.plus(ZkServer.TICK).toMillis();
        return List.of(row(FREE, fs, 1000), row(ZK_FREE, zk, bound));
    }

    private static Row row(Subject subject, Samples samples, double bound) {
        double slowest = samples.greatest();
        return Row.of(
                subject, slowest, samples.describe("the end of the holder's process; median", "ms"), slowest / bound);
    }

    private static Samples measure(Session waiter, List<String> holder, int rounds)
            throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            millis.add(once(waiter, holder));
        }
        return new Samples(millis);
    }

    private static double once(Session waiter, List<String> arguments) throws IOException, InterruptedException {
        try (Client holder = Client.start(HolderClient.class, arguments)) {
            holder.await("held");
            CompletableFuture<Long> granted = waiter.locks()
                    .acquireAsync(HolderClient.REQUEST, Wait.upTo(PATIENCE))
                    .thenApply(DeadHolders::timeAndRelease);
            holder.tell("settle");
            holder.await("settled");
            long died = holder.kill();
            return Math.max(0, granted.join() - died) / 1e6;
        }
    }

    private static long timeAndRelease(Grant grant) {
        long now = System.nanoTime();
        grant.release();
        return now;
    }
}
