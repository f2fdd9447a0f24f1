package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.TaskStore;
import dev.agentcoord.testkit.Campaign;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What depth and idle consumers cost. */
@Isolated("it measures times and the use of the processor")
final class QueueDepthIT {
    private static final int BATCH = 1_000;
    private static final int SHALLOW = 100;

    @TempDir
    private Path dir;

    @Test
    void aClaimOfManyQueuedCostsWhatOneOfFewDoes() throws InterruptedException {
        int deep = Campaign.size(10_000, 100_000);
        int samples = Campaign.size(300, 2_000);
        FsOptions unsynced = FsOptions.defaults().durability(Durability.UNSYNCED);
        try (Coordinator coordinator = FsCoordinator.open(dir, "depth", unsynced);
                Session session = coordinator.join(Participant.named("alice"))) {
            TaskQueue few = session.queue("few");
            TaskQueue many = session.queue("many");
            fill(few, SHALLOW);
            for (int i = 0; i < deep; i += BATCH) {
                fill(many, BATCH);
            }
            List<Long> shallow = new ArrayList<>();
            List<Long> deepest = new ArrayList<>();
            for (int warm = 0; warm < samples; warm++) {
                sample(few, new ArrayList<>());
                sample(many, new ArrayList<>());
            }
            for (int i = 0; i < samples; i++) {
                sample(few, shallow);
                sample(many, deepest);
            }
            double ratio = (double) percentile(deepest, 50) / percentile(shallow, 50);
            double tail = (double) percentile(deepest, 99) / percentile(shallow, 99);
            Campaign.report(
                    "claim of " + deep + " queued",
                    String.format(
                            "p50 %d us, p99 %d us; of %d queued p50 %d us, p99 %d us; ratios %.2f and %.2f",
                            percentile(deepest, 50),
                            percentile(deepest, 99),
                            SHALLOW,
                            percentile(shallow, 50),
                            percentile(shallow, 99),
                            ratio,
                            tail));
            assertThat(ratio).as("median, deep to shallow").isLessThan(3);
        }
    }

    private static void fill(TaskQueue queue, int tasks) {
        queue.enqueueAll(
                IntStream.range(0, tasks).mapToObj(i -> NewTask.of("x")).toList());
    }

    private static void sample(TaskQueue queue, List<Long> micros) throws InterruptedException {
        long before = System.nanoTime();
        Claim claim = queue.claim(Wait.none());
        micros.add((System.nanoTime() - before) / 1_000);
        claim.complete("");
        queue.enqueue(NewTask.of("x"));
    }

    private static long percentile(List<Long> values, int percent) {
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    @Test
    void idleConsumersCostNextToNothingAndOneTaskWakesOneOfFifty() throws Exception {
        int consumers = 50;
        Duration idle = Duration.ofSeconds(Campaign.size(3, 30));
        List<CompletableFuture<Claim>> claims = new ArrayList<>();
        try (Coordinator coordinator = FsCoordinator.open(dir, "idle")) {
            for (int i = 0; i < consumers; i++) {
                Session session = coordinator.join(Participant.named("consumer" + i));
                claims.add(waiting(session.queue("work")));
            }
            LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
            long before = cpu();
            LockSupport.parkNanos(idle.toNanos());
            double share = 100.0 * (cpu() - before) / idle.toNanos() / consumers;
            Campaign.report("idle consumers", String.format("%d, %.3f %% of a processor each", consumers, share));
            assertThat(share).isLessThan(2);

            coordinator.join(Participant.named("producer")).queue("work").enqueue(NewTask.of("x"));
            CompletableFuture.anyOf(claims.toArray(CompletableFuture[]::new)).get();
            assertThat(claims.stream().filter(CompletableFuture::isDone)).hasSize(1);
        }
    }

    @Test
    void oneNewTaskWakesOneOfFiftySessions() {
        AtomicInteger woken = new AtomicInteger();
        try (Backend backend = FsCoordinator.backend(dir, "wake", FsOptions.defaults())) {
            for (int i = 0; i < 50; i++) {
                backend.join(Participant.named("consumer" + i), new Peer.Silent())
                        .tasks("work")
                        .onReady(woken::incrementAndGet);
            }
            TaskStore producer = backend.join(Participant.named("producer"), new Peer.Silent())
                    .tasks("work");
            for (int task = 1; task <= 10; task++) {
                producer.enqueue(List.of(NewTask.of("x")));
                int tasks = task;
                await().atMost(Duration.ofMinutes(1))
                        .untilAsserted(() -> assertThat(woken).hasValueGreaterThanOrEqualTo(tasks));
            }
            assertThat(woken).hasValue(10);
        }
    }

    private static CompletableFuture<Claim> waiting(TaskQueue queue) {
        CompletableFuture<Claim> claim = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                claim.complete(queue.claim(Wait.upTo(Duration.ofMinutes(5))));
            } catch (InterruptedException | RuntimeException e) {
                claim.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return claim;
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
