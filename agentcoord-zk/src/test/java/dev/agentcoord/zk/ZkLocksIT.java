package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.permits;
import static dev.agentcoord.LockRequest.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.Intervention;
import dev.agentcoord.Item;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LossCause;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.TaskId;
import dev.agentcoord.TicketId;
import dev.agentcoord.Wait;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.ensemble.TcpProxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What locks on ZooKeeper are known to get wrong elsewhere, on one server. */
final class ZkLocksIT {
    private static final Duration TTL = Duration.ofSeconds(4);

    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    private final String space = "locks-" + UUID.randomUUID();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private @Nullable ZkBackend seer;

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    @Test
    void a_session_that_the_servers_ended_loses_everything_and_every_call_says_so() throws Exception {
        ZkBackend backend = open(SERVER.connect());
        Session alice = join(backend, "alice");
        Grant grant = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
        List<LossCause> heard = new CopyOnWriteArrayList<>();
        List<SessionStatus> told = new CopyOnWriteArrayList<>();
        grant.onLost(heard::add);
        alice.onStatus(told::add);

        RawClient.expire(SERVER.connect(), backend.joined().get(0).connection());

        // Whoever asks again for what the servers have given away is not told that it still holds it.
        await().until(() -> told.contains(SessionStatus.LOST));
        assertThatExceptionOfType(SessionLostException.class)
                .isThrownBy(() -> alice.locks().tryAcquire(exclusive(file("a"))));
        assertThatExceptionOfType(GrantLostException.class).isThrownBy(grant::check);
        assertThatExceptionOfType(GrantLostException.class).isThrownBy(grant::release);
        assertThat(alice.safeFor()).isZero();
        await().untilAsserted(() -> assertThat(heard).containsExactly(LossCause.SESSION_LOST));
        assertThat(told).endsWith(SessionStatus.LOST);
        assertThat(join("bob").locks().tryAcquire(exclusive(file("a")))).isPresent();
    }

    @Test
    void who_is_stolen_from_hears_by_whom_though_the_note_becomes_the_record_between_two_looks() {
        TcpProxy proxy = TcpProxy.to(SERVER.server().port());
        opened.push(proxy);
        Session alice = join(open(proxy.connect()), "alice");
        Grant grant = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
        List<String> told = new CopyOnWriteArrayList<>();
        grant.onLost(cause -> told.add(grant.theft().map(Intervention::agent).orElse("nobody")));
        Session carol = join("carol");
        Coordinator observer = Engine.over(open(SERVER.connect()), TimeSource.system());

        proxy.delayRequests(Duration.ofMillis(100));
        carol.locks().steal(observer.locks().get(0).id(), "not now");

        await().untilAsserted(() -> assertThat(told).containsExactly("carol"));
        proxy.delayRequests(Duration.ZERO);
    }

    @Test
    void a_release_that_another_request_follows_at_once_goes_with_it_in_one_write() {
        TcpProxy proxy = TcpProxy.to(SERVER.server().port());
        opened.push(proxy);
        Session alice = join(open(proxy.connect()), "alice");

        // On a busy machine the next request may come late, when the release has been sent by itself.
        await().until(() -> {
            int before = proxy.writes();
            for (int i = 0; i < 10; i++) {
                alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow().release();
            }
            return proxy.writes() - before < 15;
        });
    }

    @Test
    void what_was_removed_by_hand_before_its_release_does_not_spoil_the_request_that_follows() throws Exception {
        ZkBackend backend = open(SERVER.connect());
        Session alice = join(backend, "alice");
        Grant grant = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
        String path = backend.joined().get(0).tickets().own().paths().get(0);
        try (RawClient client = new RawClient(SERVER.connect())) {
            client.delete(path);
        }

        grant.release();

        assertThat(alice.locks().tryAcquire(exclusive(file("b")))).isPresent();
        assertThat(join("bob").locks().tryAcquire(exclusive(file("b")))).isEmpty();
    }

    @Test
    void a_ticket_left_by_an_earlier_session_of_the_same_agent_is_not_taken_for_its_own() {
        ZkBackend before = open(SERVER.connect());
        Session old = join(before, "alice");
        Grant stale = old.locks().tryAcquire(exclusive(file("a"))).orElseThrow();

        Session alice = join("alice");

        assertThat(alice.locks().tryAcquire(exclusive(file("a")))).isEmpty();
        stale.check();
    }

    @Test
    void a_wait_survives_a_broken_connection_in_which_its_turn_came() throws Exception {
        Grant held = join("alice").locks().tryAcquire(exclusive(file("a"))).orElseThrow();
        TcpProxy proxy = TcpProxy.to(SERVER.server().port());
        opened.push(proxy);
        Session bob = join(open(proxy.connect()), "bob");
        CompletableFuture<Grant> waiting = bob.locks().acquireAsync(exclusive(file("a")), Wait.forever());
        await().until(() -> observer().tickets().size() == 2);

        proxy.breakOff();
        held.release();

        waiting.get(20, TimeUnit.SECONDS).check();
        await().until(() -> bob.status() == SessionStatus.CONNECTED);
    }

    @Test
    void a_ticket_that_becomes_a_tasks_is_not_taken_for_gone_by_who_waits_for_it_alone() throws Exception {
        Session alice = join("alice");
        Grant held = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
        alice.queue("work").enqueue(NewTask.of("one"));
        Claim claim = alice.queue("work").tryClaim().orElseThrow();
        long watches = SERVER.server().figure("zk_watch_count");
        CompletableFuture<Grant> waiting = join("bob").locks().acquireAsync(exclusive(file("a")), Wait.forever());
        await().until(() -> SERVER.server().figure("zk_watch_count") > watches);

        claim.bind(held);

        await().during(Duration.ofMillis(500)).until(() -> !waiting.isDone());
        claim.complete("");
        waiting.get(20, TimeUnit.SECONDS).check();
    }

    @Test
    void nor_by_who_was_cut_off_when_it_did() throws Exception {
        Session alice = join("alice");
        Grant held = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
        alice.queue("work").enqueue(NewTask.of("one"));
        Claim claim = alice.queue("work").tryClaim().orElseThrow();
        TcpProxy proxy = TcpProxy.to(SERVER.server().port());
        opened.push(proxy);
        Session bob = join(open(proxy.connect()), "bob");
        CompletableFuture<Grant> waiting = bob.locks().acquireAsync(exclusive(file("a")), Wait.forever());
        await().until(() -> observer().tickets().size() == 2);

        proxy.cut();
        proxy.breakOff();
        await().until(() -> bob.status() == SessionStatus.SUSPENDED);
        claim.bind(held);
        proxy.heal();

        await().until(() -> bob.status() == SessionStatus.CONNECTED);
        await().during(Duration.ofMillis(500)).until(() -> !waiting.isDone());
        claim.complete("");
        waiting.get(20, TimeUnit.SECONDS).check();
    }

    @Test
    void what_a_process_has_released_is_free_for_whatever_it_asks_next() {
        TcpProxy slow = TcpProxy.to(SERVER.server().port());
        opened.push(slow);
        Session alice = join(open(slow.connect()), "alice");
        Session bob = join("bob");
        Grant held = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
        slow.delayRequests(Duration.ofMillis(300));

        held.release();

        assertThat(bob.locks().tryAcquire(exclusive(file("a")))).isPresent();
    }

    @Test
    void however_many_sessions_of_a_process_are_cut_off_they_hold_up_another_no_longer_than_one() {
        Duration ttl = Duration.ofSeconds(10);
        Session bob = join("bob");
        TcpProxy proxy = TcpProxy.to(SERVER.server().port());
        opened.push(proxy);
        List<Grant> held = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ZkBackend cut = Zk.open(ZkOptions.of(proxy.connect(), space).withTtl(ttl));
            opened.push(cut);
            held.add(join(cut, "cut" + i)
                    .locks()
                    .tryAcquire(exclusive(file("held/" + i)))
                    .orElseThrow());
        }

        proxy.cut();
        held.forEach(Grant::release);
        long begun = System.nanoTime();
        assertThat(bob.locks().tryAcquire(exclusive(file("a")))).isPresent();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
        proxy.heal();
    }

    @Test
    void a_lock_that_was_recalled_before_its_claimer_knew_that_it_has_it_is_never_asserted() {
        List<TicketId> heard = new CopyOnWriteArrayList<>();
        ZkStoreSession alice = open(SERVER.connect()).join(Participant.named("alice"), new Events() {
            @Override
            public void lost(TicketId ticket, LossCause cause) {
                heard.add(ticket);
            }
        });
        OwnTicket early = inherited(7, 1);
        OwnTicket late = inherited(8, 1);

        alice.tickets().own().recalled(7);
        alice.tickets().adopt(List.of(early, late));

        assertThat(alice.tickets().lossOf(early.ticket())).isEqualTo(LossCause.CLAIM_ENDED);
        assertThat(alice.tickets().lossOf(late.ticket())).isNull();
        alice.tickets().own().recalled(8);
        assertThat(alice.tickets().lossOf(late.ticket())).isEqualTo(LossCause.CLAIM_ENDED);
        assertThat(heard).containsExactly(early.ticket().id(), late.ticket().id());
    }

    @Test
    void that_a_lock_was_recalled_under_a_claim_that_is_over_does_not_concern_the_next() {
        ZkStoreSession alice = open(SERVER.connect()).join(Participant.named("alice"), new Events());
        OwnTicket again = inherited(7, 2);

        alice.tickets().own().recalled(7);
        alice.tickets().forgetRecalls(List.of(again));
        alice.tickets().adopt(List.of(again));

        assertThat(alice.tickets().lossOf(again.ticket())).isNull();
    }

    private static OwnTicket inherited(long position, int delivery) {
        Owner task = Owner.task("work", new TaskId("t"));
        OwnTicket ticket = new OwnTicket(
                new Ticket(position, delivery, task, 1, exclusive(file("a")), Instant.EPOCH), "t" + position, () -> {});
        ticket.markGranted();
        return ticket;
    }

    @Test
    void tokens_grow_though_the_sequence_numbers_begin_again() throws Exception {
        Session alice = join("alice");
        Grant first = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
        first.release();
        await().until(() -> observer().tickets().isEmpty());
        try (RawClient raw = new RawClient(SERVER.connect())) {
            raw.delete("/agentcoord/" + space + "/locks");
            raw.create("/agentcoord/" + space + "/locks", "");
        }

        Grant second = join("bob").locks().tryAcquire(exclusive(file("a"))).orElseThrow();

        assertThat(second.token()).isGreaterThan(first.token());
    }

    @Test
    void a_ticket_that_somebody_removed_by_hand_is_found_lost() throws Exception {
        Session alice = join("alice");
        Grant grant = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
        CompletableFuture<LossCause> heard = new CompletableFuture<>();
        grant.onLost(heard::complete);

        try (RawClient raw = new RawClient(SERVER.connect())) {
            String locks = "/agentcoord/" + space + "/locks";
            raw.delete(locks + "/" + raw.children(locks).get(0));
        }

        assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo(LossCause.RESET);
        assertThatExceptionOfType(GrantLostException.class).isThrownBy(grant::check);
    }

    @Test
    void nothing_is_left_of_paths_that_were_locked_and_each_waiting_request_has_two_watches_at_most() throws Exception {
        EnsembleServer server = SERVER.server();
        Session alice = join("alice");
        List<Session> waiters =
                IntStream.range(0, 5).mapToObj(i -> join("w" + i)).toList();
        long before = server.figure("zk_znode_count");
        long watchesBefore = server.figure("zk_watch_count");

        Grant held = alice.locks()
                .tryAcquire(exclusive(
                        IntStream.range(0, 50).mapToObj(i -> file("d/f" + i)).toArray(Item[]::new)))
                .orElseThrow();
        List<CompletableFuture<Grant>> waiting = new ArrayList<>();
        for (Session waiter : waiters) {
            waiting.add(waiter.locks().acquireAsync(exclusive(file("d/f7")), Wait.forever()));
            await().until(() -> observer().tickets().size() == 1 + waiting.size());
        }
        await().untilAsserted(() ->
                assertThat(server.figure("zk_watch_count") - watchesBefore).isBetween(5L, 10L));
        assertThat(server.figure("zk_znode_count") - before)
                .as("one for each request")
                .isEqualTo(6);
        held.release();
        for (CompletableFuture<Grant> each : waiting) {
            each.get(20, TimeUnit.SECONDS).release();
        }

        await().untilAsserted(() -> assertThat(server.figure("zk_znode_count")).isEqualTo(before));
    }

    @Test
    void waiters_for_permits_are_let_in_by_whoever_leaves() throws Exception {
        Grant first = join("a").locks().tryAcquire(permits(pool("build", 2), 1)).orElseThrow();
        assertThat(join("b").locks().tryAcquire(permits(pool("build", 2), 1))).isPresent();
        CompletableFuture<Grant> third = join("c").locks().acquireAsync(permits(pool("build", 2), 1), Wait.forever());
        await().until(() -> observer().tickets().size() == 3);

        first.release();

        third.get(20, TimeUnit.SECONDS).check();
    }

    @Test
    void a_full_space_is_a_typed_error_and_its_list_still_fits_a_packet() throws Exception {
        Session alice = join("alice");
        List<Grant> held = new ArrayList<>();
        for (int i = 0; i < 512; i++) {
            held.add(alice.locks()
                    .tryAcquire(shared(file("deep/down/" + "x".repeat(100) + i)))
                    .orElseThrow());
        }
        assertThatExceptionOfType(LimitExceededException.class)
                .isThrownBy(() -> alice.locks().tryAcquire(shared(file("one/more"))));
        assertThat(observer().tickets()).hasSize(512);
        held.forEach(Grant::release);
        await().until(() -> observer().tickets().isEmpty());
    }

    @Test
    void more_children_than_can_be_listed_are_a_typed_error_and_no_storm_of_retries() throws Exception {
        Session alice = join("alice");
        try (RawClient raw = new RawClient(SERVER.connect())) {
            raw.fill("/agentcoord/" + space + "/locks/" + "j".repeat(200) + "-", 6_000);
            try {
                assertThatExceptionOfType(LimitExceededException.class)
                        .isThrownBy(() -> alice.locks().tryAcquire(exclusive(file("a"))))
                        .withMessageContaining("6001");
            } finally {
                raw.empty("/agentcoord/" + space + "/locks/" + "j".repeat(200) + "-", 6_000);
            }
        }
    }

    private ZkBackend observer() {
        ZkBackend current = seer == null ? open(SERVER.connect()) : seer;
        seer = current;
        return current;
    }

    private ZkBackend open(String connect) {
        ZkBackend backend = Zk.open(ZkOptions.of(connect, space).withTtl(TTL));
        opened.push(backend);
        return backend;
    }

    private Session join(String agent) {
        return join(open(SERVER.connect()), agent);
    }

    private Session join(ZkBackend backend, String agent) {
        Coordinator coordinator = Engine.over(backend, TimeSource.system());
        return coordinator.join(Participant.named(agent));
    }
}
