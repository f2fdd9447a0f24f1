package dev.agentcoord.zk;

import static dev.agentcoord.SessionStatus.CONNECTED;
import static dev.agentcoord.SessionStatus.LOST;
import static dev.agentcoord.SessionStatus.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Participant;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.ensemble.EnsembleSpec;
import dev.agentcoord.ensemble.TcpProxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("what it promises within seconds must not wait for other tests")
final class LostLinkIT {
    private static final Duration TTL = Duration.ofSeconds(4);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    @Test
    void a_holder_cut_off_stops_believing_before_the_servers_give_its_session_up() {
        Events events = new Events();
        try (Ensemble server = Ensemble.start(EnsembleSpec.of(1).unsynced());
                TcpProxy proxy = TcpProxy.to(server.leader().port());
                ZkBackend other = Zk.open(options(server.connect(), TTL));
                ZkBackend mine = Zk.open(options(proxy.connect(), TTL))) {
            ZkStoreSession session = mine.join(Participant.named("builder"), events);
            proxy.cut();

            AtomicBoolean stopped = new AtomicBoolean();
            AtomicInteger looks = new AtomicInteger();
            await().atMost(LONGEST).pollInterval(Duration.ofMillis(20)).until(() -> {
                boolean lost = events.told().contains(LOST);
                boolean gone = other.sessions().isEmpty();
                boolean believes = !session.safeFor().isZero();
                if (believes) {
                    looks.incrementAndGet();
                } else if (stopped.compareAndSet(false, true)) {
                    assertThat(lost).as("believed until it was told LOST").isFalse();
                }
                assertThat(gone && believes)
                        .as("gone at the servers, safe at the holder")
                        .isFalse();
                return gone;
            });
            assertThat(looks).hasValueGreaterThan(5);
            await().atMost(LONGEST).until(() -> events.told().contains(LOST));
            assertThat(events.told()).containsExactly(SUSPENDED, LOST);
        }
    }

    @Test
    void closing_while_cut_off_says_that_the_session_ends_by_itself() {
        try (Ensemble server = Ensemble.start(EnsembleSpec.of(1).unsynced());
                TcpProxy proxy = TcpProxy.to(server.leader().port());
                ZkBackend mine = Zk.open(options(proxy.connect(), LONGEST).withTimeout(Duration.ofSeconds(1)))) {
            ZkStoreSession session = mine.join(Participant.named("builder"), new Events());
            proxy.cut();

            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(session::close)
                    .withMessageContainingAll("ends by itself", proxy.connect(), "1000 ms");
            assertThat(session.safeFor()).isZero();
        }
    }

    @Test
    void a_session_survives_the_crash_and_restart_of_the_server() {
        Events events = new Events();
        try (Ensemble server = Ensemble.start(EnsembleSpec.of(1).unsynced());
                ZkBackend mine = Zk.open(options(server.connect(), LONGEST))) {
            ZkStoreSession session = mine.join(Participant.named("builder"), events);
            server.killAll();
            await().atMost(LONGEST).until(() -> events.told().contains(SUSPENDED));
            server.restartAll();

            await().atMost(LONGEST.multipliedBy(2)).until(() -> events.told().contains(CONNECTED));
            assertThat(events.told()).startsWith(SUSPENDED).endsWith(CONNECTED).doesNotContain(LOST);
            assertThat(session.safeFor()).isPositive();
            // The connection that lists has a session of its own, which nobody promised to keep.
            await().atMost(LONGEST)
                    .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                    .untilAsserted(() -> assertThat(mine.sessions()).hasSize(1));
        }
    }

    @Test
    void a_server_that_comes_back_without_its_data_has_lost_the_session() {
        Events events = new Events();
        try (Ensemble server = Ensemble.start(EnsembleSpec.of(1).unsynced());
                ZkBackend mine = Zk.open(options(server.connect(), LONGEST))) {
            ZkStoreSession session = mine.join(Participant.named("builder"), events);
            server.killAll();
            server.servers().forEach(EnsembleServer::wipe);
            server.restartAll();

            await().atMost(LONGEST.multipliedBy(2)).until(() -> events.told().contains(LOST));
            assertThat(events.told()).containsExactly(SUSPENDED, LOST);
            assertThat(session.safeFor()).isZero();
        }
    }

    private static ZkOptions options(String connect, Duration ttl) {
        return ZkOptions.of(connect, "link").withTtl(ttl);
    }
}
