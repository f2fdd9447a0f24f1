package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.Wait;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.ensemble.EnsembleSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What holders and callers meet when servers fail: events and typed errors in time, and no wrong grant. */
@Isolated("what it promises within seconds must not wait for other tests")
final class OutagesIT {
    private static final Duration TTL = Duration.ofSeconds(8);
    private static final Duration SOON = Duration.ofSeconds(40);

    @Test
    void locks_outlive_the_leader_and_a_rolling_restart_and_waiters_go_on_waiting() throws Exception {
        try (Ensemble ensemble = Ensemble.start(3);
                Coordinator one = coordinator(ensemble.connect(), Duration.ofSeconds(15));
                Coordinator two = coordinator(ensemble.connect(), Duration.ofSeconds(15))) {
            Session alice = one.join(Participant.named("alice"));
            Grant held = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
            CompletableFuture<Grant> waiting =
                    two.join(Participant.named("bob")).locks().acquireAsync(exclusive(file("a")), Wait.forever());

            for (EnsembleServer server :
                    List.of(ensemble.leader(), ensemble.followers().get(0))) {
                server.kill();
                ensemble.leader();
                await().atMost(SOON).until(() -> !alice.safeFor().isZero());
                server.restart();
                ensemble.awaitServing();
            }

            assertThat(waiting).isNotDone();
            await().atMost(SOON).untilAsserted(held::verify);
            held.release();
            waiting.get(40, TimeUnit.SECONDS).verify();
        }
    }

    @Test
    void without_a_majority_callers_hear_so_in_time_and_then_at_once_and_holders_stop_asserting() {
        try (Ensemble ensemble = Ensemble.start(EnsembleSpec.of(3).jvm("-Dreadonlymode.enabled=true"));
                Coordinator space = coordinator(ensemble.connect(), Duration.ofSeconds(2))) {
            Session alice = space.join(Participant.named("alice"));
            Grant held = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
            ensemble.followers().forEach(EnsembleServer::kill);

            await().atMost(SOON).until(() -> !answers(space));
            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                long start = System.nanoTime();
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(space::sessions)
                        .withMessageContaining("majority");
                took.add(Duration.ofNanos(System.nanoTime() - start));
            }
            assertThat(took).allSatisfy(each -> assertThat(each).isLessThan(Duration.ofSeconds(10)));
            assertThat(took.get(3)).as("known by now: " + took).isLessThan(Duration.ofSeconds(1));
            await().atMost(SOON).until(() -> alice.safeFor().isZero());
            assertThatExceptionOfType(dev.agentcoord.GrantLostException.class).isThrownBy(held::check);

            ensemble.restartAll();
            await().atMost(SOON).until(() -> answers(space));
        }
    }

    @Test
    void a_full_server_is_named_as_a_possible_reason() {
        try (Ensemble ensemble = Ensemble.start(EnsembleSpec.of(1).line("maxClientCnxns=2"));
                ZkBackend backend = Zk.open(options(ensemble.connect(), Duration.ofSeconds(10)))) {
            backend.join(Participant.named("alice"), new Events());

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> Zk.open(options(ensemble.connect(), Duration.ofSeconds(2))))
                    .withMessageContaining("maxClientCnxns");
        }
    }

    private static boolean answers(Coordinator space) {
        try {
            space.sessions();
            return true;
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    private static Coordinator coordinator(String connect, Duration timeout) {
        return Engine.over(Zk.open(options(connect, timeout)), TimeSource.system());
    }

    private static ZkOptions options(String connect, Duration timeout) {
        return ZkOptions.of(connect, "outages").withTtl(TTL).withTimeout(timeout);
    }
}
