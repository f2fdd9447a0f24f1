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

    private final Ground ground;
    private final Pace pace;

    DeadHolders(Ground ground, Pace pace) {
        this.ground = ground;
        this.pace = pace;
    }

    List<Row> p12() throws IOException, InterruptedException {
        Session waiter = ground.join(HolderClient.SPACE, "waiter");
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < pace.rounds(); round++) {
            millis.add(once(waiter));
        }
        Samples samples = new Samples(millis);
        double slowest = samples.greatest();
        return List.of(Row.of(
                FREE, slowest, samples.describe("the end of the holder's process; median", "ms"), slowest / 1000));
    }

    private double once(Session waiter) throws IOException, InterruptedException {
        try (Client holder =
                Client.start(HolderClient.class, List.of(ground.store().toString()))) {
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
