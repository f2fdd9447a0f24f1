package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.SessionStatus.CONNECTED;
import static dev.agentcoord.SessionStatus.LOST;
import static dev.agentcoord.SessionStatus.SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.Wait;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What happens to sessions and locks while containers of servers are frozen or lose their network. */
@Isolated("what it promises within seconds must not wait for other tests")
final class ZkContainersIT {
    private static final Duration TTL = Duration.ofSeconds(8);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final LockRequest LOCK = LockRequest.exclusive(file("src/User.java"));

    @Test
    void a_holder_whose_only_server_is_frozen_is_sure_no_more_before_its_ttl_is_over_and_recovers_or_loses()
            throws InterruptedException {
        try (ContainerEnsemble ensemble = ContainerEnsemble.start(1);
                Coordinator space = connect(ensemble)) {
            Session session = space.join(Participant.named("builder"));
            List<SessionStatus> told = statuses(session);
            Grant grant = session.locks().acquire(LOCK, Wait.none());
            ensemble.pause(ensemble.leader());
            long frozen = System.nanoTime();

            await().atMost(LONGEST).until(() -> session.safeFor().isZero());
            assertThat(Duration.ofNanos(System.nanoTime() - frozen)).isLessThan(TTL);
            await().atMost(LONGEST).until(() -> told.contains(SUSPENDED));
            ensemble.unpause(ensemble.servers().get(0));

            await().atMost(LONGEST).until(() -> told.contains(CONNECTED) || told.contains(LOST));
            if (told.contains(LOST)) {
                assertThatThrownBy(grant::check).isInstanceOf(CoordinationException.class);
            }
            try (Session next = space.join(Participant.named("tester"))) {
                assertThat(next.locks().tryAcquire(LOCK).isPresent()).isEqualTo(told.contains(LOST));
            }
        }
    }

    @Test
    void locks_outlive_a_frozen_leader_and_it_comes_back_as_a_follower() throws InterruptedException {
        try (ContainerEnsemble ensemble = ContainerEnsemble.start(3);
                Coordinator space = connect(ensemble);
                Session session = space.join(Participant.named("builder"))) {
            List<SessionStatus> told = statuses(session);
            Grant grant = session.locks().acquire(LOCK, Wait.none());
            ServerContainer old = ensemble.leader();
            ensemble.pause(old);

            assertGoesOn(ensemble, old, session, grant, told);
            ensemble.unpause(old);
            await().atMost(LONGEST).until(() -> ContainerEnsemble.mode(old).equals("follower"));
        }
    }

    @Test
    void locks_outlive_a_leader_that_is_taken_off_the_network() throws InterruptedException {
        try (ContainerEnsemble ensemble = ContainerEnsemble.start(3);
                Coordinator space = connect(ensemble);
                Session session = space.join(Participant.named("builder"))) {
            List<SessionStatus> told = statuses(session);
            Grant grant = session.locks().acquire(LOCK, Wait.none());
            ServerContainer old = ensemble.leader();
            ensemble.disconnect(old);

            assertGoesOn(ensemble, old, session, grant, told);
        }
    }

    /** The two others elect, the session and its lock are still there, and new ones are given. */
    private static void assertGoesOn(
            ContainerEnsemble ensemble, ServerContainer old, Session session, Grant grant, List<SessionStatus> told)
            throws InterruptedException {
        List<ServerContainer> others = ensemble.servers().stream()
                .filter(server -> !server.equals(old))
                .toList();
        await().atMost(LONGEST)
                .until(() -> others.stream()
                        .anyMatch(server -> ContainerEnsemble.mode(server).equals("leader")));
        await().atMost(LONGEST).until(() -> !session.safeFor().isZero());
        assertThat(told).doesNotContain(LOST);
        grant.verify();
        try (Coordinator space = ZkCoordinator.connect(ZkOptions.of(
                                others.get(0).connect() + "," + others.get(1).connect(), "containers")
                        .withTtl(TTL));
                Session other = space.join(Participant.named("tester"))) {
            assertThat(other.locks().tryAcquire(LOCK)).isEmpty();
            grant.close();
            other.locks().acquire(LOCK, Wait.upTo(LONGEST)).close();
        }
    }

    private static Coordinator connect(ContainerEnsemble ensemble) {
        return ZkCoordinator.connect(
                ZkOptions.of(ensemble.connect(), "containers").withTtl(TTL).withTimeout(LONGEST));
    }

    private static List<SessionStatus> statuses(Session session) {
        List<SessionStatus> told = new CopyOnWriteArrayList<>();
        var unused = session.onStatus(told::add);
        return told;
    }
}
