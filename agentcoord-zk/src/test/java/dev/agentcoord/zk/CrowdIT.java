package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.permits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.ensemble.EnsembleSpec;
import dev.agentcoord.testkit.Campaign;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What fifty clients at once cost the servers, by the servers' own figures, and what is left when they have gone. */
final class CrowdIT {
    private static final int CLIENTS = 50;
    /** What waits for a lock, for a task, or for news of the state. */
    private static final int KINDS = 3;
    /** So that a busy machine is not taken for a lost connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String space = "crowd-" + UUID.randomUUID();
    private final List<CompletableFuture<Grant>> asked = new ArrayList<>();
    private final List<Claim> claims = new CopyOnWriteArrayList<>();

    /** Within the 60 connections that a server has room for from one address, and leaving directories to be removed soon. */
    @Test
    void of_fifty_clients_nothing_is_left_and_each_thing_they_wait_for_has_two_watches_at_most() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try (Ensemble ensemble = Ensemble.start(
                        EnsembleSpec.of(1).tick(Duration.ofSeconds(2)).jvm("-Dznode.container.checkIntervalMs=500"));
                ZkBackend backend = Zk.open(ZkOptions.of(ensemble.connect(), space)
                        .withTtl(PATIENCE)
                        .withTimeout(PATIENCE));
                Coordinator coordinator = Engine.over(backend, TimeSource.system())) {
            EnsembleServer server = ensemble.leader();
            Session keeper = coordinator.join(Participant.named("keeper"));
            TaskQueue queue = keeper.queue("work");
            queue.status();
            keeper.state().put("news/seen", new byte[0]);
            long znodes = server.figure("zk_znode_count");

            List<Session> clients = join(coordinator, threads);
            long watches = server.figure("zk_watch_count");
            clients.forEach(client -> wait(client, threads));
            await().until(() -> backend.tickets().size() == 2 * CLIENTS);
            String waiting = "/agentcoord/" + space + "/queues/work/waiting";
            try (RawClient raw = new RawClient(ensemble.connect())) {
                await().until(() -> raw.children(waiting).size() == CLIENTS);
            }
            await().untilAsserted(() -> assertThat(server.figure("zk_watch_count") - watches)
                    .as("one for each that waits, or two")
                    .isBetween((long) CLIENTS, 2L * KINDS * CLIENTS));
            long each = server.figure("zk_watch_count") - watches;
            long connections = server.figure("zk_num_alive_connections");

            List<TaskInfo> tasks = queue.enqueueAll(IntStream.range(0, CLIENTS)
                    .mapToObj(i -> NewTask.of("task " + i))
                    .toList());
            await().until(() -> claims.size() == CLIENTS);
            claims.subList(0, CLIENTS / 2).forEach(claim -> claim.complete("done"));
            clients.forEach(Session::close);
            queue.status();
            tasks.forEach(task -> queue.control().cancel(task.id(), "over"));
            forget(backend);

            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(server.figure("zk_znode_count")).isEqualTo(znodes));
            Campaign.report(
                    "crowd",
                    CLIENTS + " clients on " + connections + " connections that wait for " + KINDS * CLIENTS
                            + " things: " + each + " watches, and afterwards the " + znodes + " znodes of before");
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Session> join(Coordinator coordinator, ExecutorService threads) {
        return IntStream.range(0, CLIENTS)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> coordinator.join(Participant.named("client-" + i)), threads))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    /** It holds one lock or waits for it, waits for a permit, for a task and for news. */
    private void wait(Session client, ExecutorService threads) {
        asked.add(client.locks().acquireAsync(exclusive(file("a")), Wait.forever()));
        asked.add(client.locks().acquireAsync(permits(pool("build", 2), 1), Wait.forever()));
        client.state().watch("news/", event -> {});
        client.state().putEphemeral("here/" + client.info().agent(), new byte[1]);
        var unused = threads.submit(() -> claims.add(client.queue("work").claim(Wait.forever())));
    }

    /** As it is a day after the last of them has ended. */
    private static void forget(ZkBackend backend) {
        QueuePruner pruner = backend.joined().get(0).tasks("work").pruner();
        pruner.run(Instant.now(), 0);
        pruner.run(Instant.now().plus(Duration.ofHours(25)), 0);
    }
}
