package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.TcpProxy;
import dev.agentcoord.testkit.Campaign;
import dev.agentcoord.zk.Requests.Listing;
import dev.agentcoord.zk.Requests.Made;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What other lock services built on such servers were found to get wrong, and nothing else here shows to be right. */
final class FieldPitfallsIT {
    private static final Duration TTL = Duration.ofSeconds(5);
    /** Longer than the cut below. */
    private static final Duration LONG_TTL = Duration.ofSeconds(10);

    private static final int TRIES = Campaign.size(200, 2_000);

    private static Ensemble ensemble;

    @BeforeAll
    static void start() {
        ensemble = Ensemble.start(3);
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    /** Renewing each lock by itself is what stops, or goes on for ever, in services that do so. */
    @Test
    void one_heartbeat_keeps_all_locks_and_none_of_them_is_ever_written() throws Exception {
        String locks = "/agentcoord/beats/locks";
        try (ZkBackend backend = open("beats", ensemble.connect());
                Coordinator coordinator = Engine.over(backend, TimeSource.system());
                RawClient raw = new RawClient(ensemble.connect())) {
            Session alice = coordinator.join(Participant.named("alice"));
            List<Grant> held = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                held.add(alice.locks().tryAcquire(exclusive(file("f" + i))).orElseThrow());
            }
            List<String> names = raw.children(locks);
            awaitBeats(raw, alice);

            for (String name : names) {
                assertThat(raw.version(locks + "/" + name)).as(name).isZero();
            }
            held.forEach(Grant::release);
            await().until(() -> raw.children(locks).isEmpty());
            awaitBeats(raw, alice);
            assertThat(raw.children(locks))
                    .as("nothing brings a released lock back")
                    .isEmpty();
        }
    }

    private static void awaitBeats(RawClient raw, Session session) throws Exception {
        String record = "/agentcoord/beats/sessions/" + session.info().id();
        int before = raw.version(record);
        await().atMost(Duration.ofSeconds(30)).until(() -> raw.version(record) >= before + 3);
    }

    /** A predecessor that vanishes between list and watch leaves nothing to be woken by. */
    @Test
    void who_would_watch_what_is_gone_already_looks_again_at_once() throws Exception {
        try (ZkBackend backend = open("gone", ensemble.connect())) {
            ZkStoreSession session = backend.join(Participant.named("alice"), new Events());
            CompletableFuture<Boolean> looked = new CompletableFuture<>();
            Ticket ticket = new Ticket(1, 0, Owner.session(SessionId.random()), 1, exclusive(file("a")), Instant.EPOCH);

            new Wakeups(session.connection().own(), "/agentcoord/gone/locks")
                    .whenGone(
                            "/agentcoord/gone/locks/nobody",
                            new OwnTicket(ticket, "mine", () -> looked.complete(true)));

            assertThat(looked.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Servers answer reads from what they know, which may be old; not so to who has just written through them. */
    @Test
    void a_list_asked_for_right_behind_ones_own_ticket_shows_it_and_all_before_it_through_whatever_server()
            throws Exception {
        String connect = ensemble.followers().get(0).connect();
        AtomicBoolean done = new AtomicBoolean();
        try (ZkBackend here = open("fifo", connect);
                ZkBackend there = open("fifo", ensemble.leader().connect())) {
            CompletableFuture<Integer> others = CompletableFuture.supplyAsync(() -> {
                int made = 0;
                while (!done.get()) {
                    make(there.requests()).join();
                    made++;
                }
                return made;
            });
            for (int i = 0; i < TRIES; i++) {
                CompletableFuture<Made> own = make(here.requests());
                Listing listing =
                        here.requests().children("/agentcoord/fifo/notes", null).join();
                Set<String> listed = new HashSet<>(listing.names());
                String path = own.join().path();
                int sequence = Integer.parseInt(path.substring(path.length() - 10));
                for (int earlier = Math.max(0, sequence - 100); earlier <= sequence; earlier++) {
                    assertThat(listed).as("try %d, behind %s", i, path).contains(String.format("t%010d", earlier));
                }
            }
            done.set(true);
            assertThat(others.get(20, TimeUnit.SECONDS)).isPositive();
        }
    }

    /** A lock may be given to who has stopped waiting meanwhile, who then neither uses it nor gives it back. */
    @Test
    void a_turn_that_comes_after_the_deadline_of_who_was_cut_off_goes_to_who_stands_behind() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(ensemble.leader().port());
                Coordinator others = Engine.over(open("late", ensemble.connect()), TimeSource.system());
                Coordinator cutOff = Engine.over(
                        Zk.open(ZkOptions.of(proxy.connect(), "late")
                                .withTtl(LONG_TTL)
                                .withTimeout(Duration.ofSeconds(1))),
                        TimeSource.system())) {
            LockRequest wanted = exclusive(file("a"));
            Grant held = others.join(Participant.named("alice"))
                    .locks()
                    .tryAcquire(wanted)
                    .orElseThrow();
            Session bob = cutOff.join(Participant.named("bob"));
            CompletableFuture<Grant> late = bob.locks().acquireAsync(wanted, Wait.upTo(Duration.ofSeconds(2)));
            await().until(() -> others.locks().size() == 2);
            CompletableFuture<Grant> behind =
                    others.join(Participant.named("carol")).locks().acquireAsync(wanted, Wait.forever());
            await().until(() -> others.locks().size() == 3);
            proxy.cut();

            assertThatThrownBy(() -> late.get(20, TimeUnit.SECONDS)).cause().isInstanceOf(WaitTimeoutException.class);
            held.release();
            assertThat(behind).isNotDone();
            proxy.heal();

            behind.get(30, TimeUnit.SECONDS).check();
            assertThat(others.locks()).hasSize(1);
            assertThat(bob.status()).isNotEqualTo(SessionStatus.LOST);
        }
    }

    private static CompletableFuture<Made> make(Requests requests) {
        return requests.create(
                "/agentcoord/fifo/notes/t", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT_SEQUENTIAL);
    }

    private static ZkBackend open(String space, String connect) {
        return Zk.open(ZkOptions.of(connect, space).withTtl(TTL).withTimeout(Duration.ofSeconds(30)));
    }
}
