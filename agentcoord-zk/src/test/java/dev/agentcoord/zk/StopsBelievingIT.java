package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.ensemble.TcpProxy;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Ten holders at once are cut off, stopped, or lose their server; somebody else waits for what each of them holds. Each must have stopped
 * asserting, by the one clock of the machine, strictly before the other was granted.
 */
@Isolated("it compares moments")
final class StopsBelievingIT {
    private static final Duration TTL = Duration.ofSeconds(4);
    private static final int HOLDERS = 10;
    private static final int ROUNDS = Campaign.size(1, 10);

    private static Ensemble ensemble;

    @BeforeAll
    static void start() {
        ensemble = Ensemble.start(3);
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    @Test
    void holders_cut_off_stop_believing_before_anyone_else_is_granted() throws Exception {
        List<Long> margins = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            EnsembleServer server = anyServer(round);
            try (TcpProxy proxy = TcpProxy.to(server.port());
                    HolderProcess holder = HolderProcess.start(proxy.connect(), TTL, HOLDERS)) {
                Trouble trouble = round % 2 == 0 ? proxy::cut : proxy::loseReplies;
                margins.addAll(round("cut-" + round, ensemble.connect(), holder, trouble, proxy::heal));
            }
        }
        report("cut off", margins);
    }

    @Test
    void holders_stopped_stop_believing_before_anyone_else_is_granted() throws Exception {
        List<Long> margins = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            try (HolderProcess holder = HolderProcess.start(ensemble.connect(), TTL, HOLDERS)) {
                margins.addAll(round(
                        "stop-" + round,
                        ensemble.connect(),
                        holder,
                        () -> holder.signal("STOP"),
                        () -> holder.signal("CONT")));
            }
        }
        report("stopped", margins);
    }

    @Test
    void holders_whose_server_was_killed_stop_believing_before_anyone_else_is_granted() throws Exception {
        List<Long> margins = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            EnsembleServer doomed = round % 2 == 0 ? ensemble.leader() : anyServer(round);
            String others = ensemble.servers().stream()
                    .filter(server -> server != doomed)
                    .map(EnsembleServer::connect)
                    .collect(Collectors.joining(","));
            try (HolderProcess holder = HolderProcess.start(doomed.connect(), TTL, HOLDERS)) {
                margins.addAll(round("server-" + round, others, holder, doomed::kill, doomed::launch));
            }
            ensemble.restartAll();
        }
        report("server killed", margins);
    }

    /** Something done to holders, or undone. */
    private interface Trouble {
        void make() throws IOException;
    }

    /** How long before the other was granted each holder was last sure, in ms. */
    private static List<Long> round(String space, String connect, HolderProcess holder, Trouble trouble, Trouble end)
            throws Exception {
        ZkOptions options =
                ZkOptions.of(connect, space).withTtl(Duration.ofSeconds(10)).withTimeout(Duration.ofSeconds(20));
        try (Coordinator coordinator = Engine.over(Zk.open(options), TimeSource.system())) {
            Session waiter = coordinator.join(Participant.named("waiter"));
            assertThat(holder.ask(space)).isEqualTo("held");
            List<CompletableFuture<Long>> granted = new ArrayList<>();
            for (int i = 0; i < HOLDERS; i++) {
                granted.add(waiter.locks()
                        .acquireAsync(exclusive(file("h" + i)), Wait.forever())
                        .thenApply(StopsBelievingIT::now));
            }
            trouble.make();
            List<Long> when = new ArrayList<>();
            for (CompletableFuture<Long> each : granted) {
                when.add(each.get(60, TimeUnit.SECONDS));
            }
            end.make();
            return margins(holder.ask("report").split(" "), when);
        }
    }

    private static long now(Grant grant) {
        long now = System.nanoTime();
        grant.check();
        return now;
    }

    private static List<Long> margins(String[] report, List<Long> granted) {
        List<Long> margins = new ArrayList<>();
        for (int i = 0; i < HOLDERS; i++) {
            long lastSure = Long.parseLong(report[2 * i]);
            assertThat(lastSure)
                    .as("last sure, against when another was granted")
                    .isPositive()
                    .isLessThan(granted.get(i));
            assertThat(report[2 * i + 1]).as("every call, after that").isEqualTo("lost");
            margins.add(TimeUnit.NANOSECONDS.toMillis(granted.get(i) - lastSure));
        }
        return margins;
    }

    private static EnsembleServer anyServer(int round) {
        List<EnsembleServer> servers = ensemble.servers();
        return servers.get((int) Math.floorMod(round + Campaign.seed(), (long) servers.size()));
    }

    private static void report(String trouble, List<Long> margins) {
        long least = margins.stream().mapToLong(Long::longValue).min().orElseThrow();
        long most = margins.stream().mapToLong(Long::longValue).max().orElseThrow();
        Campaign.report(
                "stops believing, " + trouble,
                margins.size() + " holders stopped asserting " + least + " to " + most
                        + " ms before another was granted");
    }
}
