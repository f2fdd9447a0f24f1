package dev.agentcoord.zk;

import static dev.agentcoord.Condition.absent;
import static dev.agentcoord.Condition.exists;
import static dev.agentcoord.Condition.requireHeld;
import static dev.agentcoord.Condition.revision;
import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Condition;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.FencingToken;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.SharedState;
import dev.agentcoord.StateEvent;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.TcpProxy;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StateFeed;
import dev.agentcoord.spi.StateTxn;
import dev.agentcoord.spi.TicketDraft;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the kit cannot see of the shared state on ZooKeeper. */
final class ZkStateIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    private final String space = "state-" + UUID.randomUUID();
    private ZkOptions options;
    private ZkBackend backend;

    @BeforeEach
    void open() {
        options = options(SERVER.connect());
        backend = Zk.open(options);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void a_key_made_again_since_it_was_read_is_another_whoever_took_the_first_away() throws Exception {
        ZkStoreSession alice = join("alice");
        ZkStoreSession bob = join("bob");
        StateTxn deleted =
                txn(List.of(revision("a", put(bob, Write.put("a", bytes("1"))))), Write.put("a", bytes("3")));
        StateFacts ofDeleted = StateFacts.read(call(), alice, deleted);
        put(bob, Write.delete("a"));
        put(bob, Write.put("a", bytes("2")));

        assertThatThrownBy(() -> change(alice, ofDeleted, deleted)).isInstanceOf(KeeperException.class);
        assertThat(alice.state().commit(deleted).committed()).isFalse();

        ZkStoreSession carol = join("carol");
        StateTxn expired =
                txn(List.of(revision("e", put(carol, Write.ephemeral("e", bytes("1"))))), Write.put("e", bytes("3")));
        StateFacts ofExpired = StateFacts.read(call(), alice, expired);
        RawClient.expire(SERVER.connect(), carol.connection());
        await().atMost(SOON).until(() -> alice.state().get("e").isEmpty());
        put(bob, Write.ephemeral("e", bytes("2")));

        assertThatThrownBy(() -> change(alice, ofExpired, expired)).isInstanceOf(KeeperException.class);
        assertThat(alice.state().commit(expired).committed()).isFalse();
        assertThat(alice.state().get("e").orElseThrow().text()).isEqualTo("2");
    }

    @Test
    void a_lasting_value_is_never_written_into_what_goes_with_a_session() throws Exception {
        ZkStoreSession alice = join("alice");
        ZkStoreSession bob = join("bob");
        put(bob, Write.put("k", bytes("1")));
        StateTxn lasting = txn(List.of(), Write.put("k", bytes("3")));
        StateFacts facts = StateFacts.read(call(), alice, lasting);
        put(bob, Write.ephemeral("k", bytes("2")));

        assertThatThrownBy(() -> change(alice, facts, lasting)).isInstanceOf(KeeperException.class);
        alice.state().commit(lasting);
        bob.close();
        assertThat(alice.state().get("k").map(Versioned::text)).contains("3");
    }

    @Test
    void what_was_true_when_it_was_read_has_to_be_true_when_it_is_written() throws Exception {
        ZkStoreSession alice = join("alice");
        ZkStoreSession bob = join("bob");
        put(bob, Write.put("there", bytes("1")));
        Placement lock = bob.tickets().place(new TicketDraft(exclusive(file("a")), 1, () -> {}), true);
        FencingToken token = lock.ticket().token(backend.incarnation());
        Write write = Write.put("k", bytes("x"));
        StateTxn held = txn(List.of(requireHeld(token)), write);
        StateTxn there = txn(List.of(exists("there")), write);
        StateTxn notThere = txn(List.of(absent("made")), write);
        StateTxn nothing = txn(List.of(), write, Write.delete("made"));
        List<StateTxn> all = List.of(held, there, notThere, nothing);
        List<StateFacts> facts = new CopyOnWriteArrayList<>();
        for (StateTxn one : all) {
            facts.add(StateFacts.read(call(), alice, one));
        }

        put(bob, Write.delete("there"), Write.put("made", bytes("1")));
        bob.tickets().remove(lock.ticket());
        await().atMost(SOON).until(() -> backend.tickets().isEmpty());

        for (int i = 0; i < all.size(); i++) {
            int n = i;
            assertThatThrownBy(() -> change(alice, facts.get(n), all.get(n)))
                    .as(all.get(n).toString())
                    .isInstanceOf(KeeperException.class);
        }
        assertThat(alice.state().get("k")).isEmpty();
    }

    @Test
    void a_bucket_that_is_full_takes_no_more_keys_and_can_still_be_used() throws Exception {
        ZkStoreSession alice = join("alice");
        StateNodes nodes = new StateNodes(backend.path() + "/state");
        String bucket = nodes.bucketOf("full");
        try (RawClient raw = new RawClient(SERVER.connect())) {
            String last = "";
            for (int i = 0, made = 0; made < StateNodes.KEYS_PER_BUCKET; i++) {
                if (nodes.bucketOf("n" + i).equals(bucket)) {
                    last = "n" + i;
                    raw.create(nodes.path(last), "0");
                    made++;
                }
            }

            assertThatExceptionOfType(LimitExceededException.class)
                    .isThrownBy(() -> put(alice, Write.put("full", bytes("1"))))
                    .withMessageContaining("delete");
            assertThat(put(alice, Write.put(last, bytes("1")))).isPositive();
            assertThat(alice.state().list("n", "", 1_000)).hasSize(StateNodes.KEYS_PER_BUCKET);
        }
    }

    @Test
    void what_is_no_key_is_named() throws Exception {
        ZkStoreSession alice = join("alice");
        String bucket = new StateNodes(backend.path() + "/state").buckets().get(3);
        try (RawClient raw = new RawClient(SERVER.connect())) {
            raw.create(bucket + "/a b", "");

            assertThatExceptionOfType(CorruptRecordException.class)
                    .isThrownBy(() -> alice.state().list("", "", 10))
                    .withMessageContaining(bucket);
        }
    }

    @Test
    void a_watch_that_was_cut_off_tells_all_again_and_all_watches_of_a_session_are_one() {
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                ZkBackend cut = Zk.open(options(proxy.connect()).withTimeout(Duration.ofSeconds(20)))) {
            long before = watches();
            Session alice = Engine.over(cut, TimeSource.system()).join(Participant.named("alice"));
            SharedState bob = Engine.over(backend, TimeSource.system())
                    .join(Participant.named("bob"))
                    .state();
            // Each session's own, of what others want of it.
            await().atMost(SOON).untilAsserted(() -> assertThat(watches()).isEqualTo(before + 2));
            bob.put("p/gone", bytes("1"));
            List<StateEvent> told = new CopyOnWriteArrayList<>();
            for (String prefix : List.of("p/", "q/", "r/", "")) {
                alice.state().watch(prefix, prefix.equals("p/") ? told::add : event -> {});
            }
            await().atMost(SOON).until(() -> !told.isEmpty());
            await().atMost(SOON).untilAsserted(() -> assertThat(watches()).isEqualTo(before + 3));

            proxy.cut();
            bob.delete("p/gone", bob.get("p/gone").orElseThrow().revision());
            bob.put("p/new", bytes("2"));
            proxy.heal();

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(told.get(told.size() - 1))
                            .isInstanceOfSatisfying(
                                    StateEvent.Resync.class,
                                    all -> assertThat(all.values())
                                            .extracting(Versioned::key)
                                            .containsExactly("p/new")));
            bob.put("p/new", bytes("3"));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(told.get(told.size() - 1)).isInstanceOf(StateEvent.Put.class));
        }
    }

    @Test
    void what_a_watch_does_not_tell_is_found_by_looking() {
        ZkStoreSession alice = join("alice");
        ZkStoreSession bob = join("bob");
        put(bob, Write.put("p/a", bytes("1")), Write.put("p/b", bytes("1")), Write.put("p/c", bytes("1")));
        AtomicInteger hints = new AtomicInteger();
        StateFeed feed = alice.state().follow("p/", hints::incrementAndGet);
        assertThat(feed.changed()).isEmpty();
        StateNodes nodes = alice.space().node().state();
        alice.connection().own().unwatch(nodes.root()).join();

        put(
                bob,
                Write.put("p/a", bytes("2")),
                Write.delete("p/b"),
                Write.put("p/d", bytes("1")),
                Write.put("q", bytes("1")));
        alice.state().catchUp();
        assertThat(hints).as("told by the watch").hasValue(0);
        alice.state().followers().look().join();

        assertThat(hints.get()).isPositive();
        assertThat(feed.changed()).contains(Set.of("p/a", "p/b", "p/d"));
        alice.state().followers().look().join();
        assertThat(feed.changed()).contains(Set.of());
        feed.close();
    }

    @Test
    void once_nobody_follows_any_more_the_servers_send_nothing() {
        long before = watches();
        ZkStoreSession alice = join("alice");
        // What others want of it.
        await().atMost(SOON).until(() -> watches() == before + 1);
        StateFeed feed = alice.state().follow("p/", () -> {});
        assertThat(feed.changed()).isEmpty();
        await().atMost(SOON).until(() -> watches() > before + 1);

        feed.close();

        await().atMost(SOON).until(() -> watches() == before + 1);
        StateFeed another = alice.state().follow("p/", () -> {});
        assertThat(another.changed()).isEmpty();
        put(join("bob"), Write.put("p/a", bytes("1")));
        await().atMost(SOON).until(() -> another.changed().equals(Optional.of(Set.of("p/a"))));
        another.close();
    }

    @Test
    void of_a_change_that_is_not_answered_in_time_nobody_says_that_it_was_not_done() throws Exception {
        ZkOptions hasty = options.withTimeout(Duration.ofSeconds(2));
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                ZkBackend cut = Zk.open(options(proxy.connect()).withTimeout(SOON))) {
            ZkStoreSession alice = cut.join(Participant.named("alice"), new Events());
            ZkStoreSession bob = join("bob");
            put(alice, Write.put("k", bytes("1")));
            StateTxn again = txn(List.of(), Write.put("k", bytes("2")));
            StateFacts facts = StateFacts.read(new Call(hasty, "read"), alice, again);

            proxy.loseReplies();

            assertThatExceptionOfType(OutcomeUnknownException.class)
                    .isThrownBy(() -> change(new Call(hasty, "change"), alice, facts, again))
                    .withMessageContaining("read what is there");
            await().atMost(SOON)
                    .until(() -> bob.state().get("k").orElseThrow().text().equals("2"));
            proxy.heal();
        }
    }

    @Test
    void of_a_change_whose_session_ended_before_it_was_answered_nobody_says_that_it_was_not_done() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                ZkBackend cut = Zk.open(options(proxy.connect()).withTimeout(SOON))) {
            ZkStoreSession alice = cut.join(Participant.named("alice"), new Events());
            ZkStoreSession bob = join("bob");
            put(alice, Write.put("k", bytes("1")));
            proxy.loseReplies();
            CompletableFuture<Long> unanswered =
                    CompletableFuture.supplyAsync(() -> put(alice, Write.put("k", bytes("2"))));
            await().atMost(SOON)
                    .until(() -> bob.state().get("k").orElseThrow().text().equals("2"));

            RawClient.expire(SERVER.connect(), alice.connection());
            proxy.heal();

            assertThatThrownBy(unanswered::join).hasCauseInstanceOf(OutcomeUnknownException.class);
            assertThatThrownBy(() -> put(alice, Write.put("k", bytes("3")))).isInstanceOf(SessionLostException.class);
            assertThatThrownBy(() -> alice.state().get("k")).isInstanceOf(SessionLostException.class);
            assertThat(bob.state().get("k").map(Versioned::text)).contains("2");
        }
    }

    @Test
    void below_a_chroot_it_is_the_same() throws Exception {
        try (RawClient raw = new RawClient(SERVER.connect())) {
            raw.create("/team", "");
        }
        try (ZkBackend below = Zk.open(options(SERVER.connect() + "/team"))) {
            ZkStoreSession alice = below.join(Participant.named("alice"), new Events());
            StateFeed feed = alice.state().follow("p/", () -> {});
            assertThat(feed.changed()).isEmpty();

            put(alice, Write.put("p/a", bytes("1")));

            await().atMost(SOON).untilAsserted(() -> assertThat(feed.changed()).contains(Set.of("p/a")));
            assertThat(alice.state().list("p/", "", 10)).hasSize(1);
        }
    }

    @Test
    void what_is_written_in_a_closed_space_is_closed_too() throws Exception {
        ZkOptions closed =
                ZkOptions.of(SERVER.connect(), "closed").withTtl(options.ttl()).withDigest("alice", "secret");
        try (ZkBackend mine = Zk.open(closed);
                RawClient raw = new RawClient(SERVER.connect())) {
            ZkStoreSession alice = mine.join(Participant.named("alice"), new Events());
            put(alice, Write.put("k", bytes("1")), Write.ephemeral("e", bytes("1")));

            StateNodes nodes = new StateNodes(mine.path() + "/state");
            for (String path : List.of(nodes.root(), nodes.bucketOf("k"), nodes.path("k"), nodes.path("e"))) {
                assertThatThrownBy(() -> raw.version(path)).isInstanceOf(KeeperException.NoAuthException.class);
                assertThatThrownBy(() -> raw.write(path, "x")).isInstanceOf(KeeperException.NoAuthException.class);
            }
            assertThatThrownBy(() -> raw.create(nodes.path("other"), "x"))
                    .isInstanceOf(KeeperException.NoAuthException.class);
        }
    }

    @Test
    void of_sessions_that_have_left_nothing_is_left_but_what_they_wrote() throws Exception {
        put(join("alice"), Write.put("k", bytes("1")));
        long before = SERVER.server().figure("zk_znode_count");
        for (int i = 0; i < 5; i++) {
            try (ZkStoreSession session = join("s" + i)) {
                put(session, Write.ephemeral("e" + i, bytes("1")), Write.put("k", bytes("2")));
            }
        }
        assertThat(SERVER.server().figure("zk_znode_count")).isEqualTo(before);
    }

    private static long watches() {
        return SERVER.server().figure("zk_watch_count");
    }

    private ZkStoreSession join(String agent) {
        return backend.join(Participant.named(agent), new Events());
    }

    private static long put(ZkStoreSession session, Write... writes) {
        return session.state().commit(txn(List.of(), writes)).revision();
    }

    private static StateTxn txn(List<Condition> conditions, Write... writes) {
        return new StateTxn(conditions, List.of(writes), List.of());
    }

    private Call call() {
        return new Call(options, "test");
    }

    /** Does what was decided from facts, whatever happened since. */
    private void change(ZkStoreSession session, StateFacts facts, StateTxn txn) throws KeeperException {
        change(call(), session, facts, txn);
    }

    private static void change(Call call, ZkStoreSession session, StateFacts facts, StateTxn txn)
            throws KeeperException {
        StateOps.Writer writer =
                new StateOps.Writer(session.info().id(), session.connection().id(), session.acl());
        session.commits().commit(call, StateOps.change(session.space().node().state(), facts, writer, txn));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private ZkOptions options(String connect) {
        return ZkOptions.of(connect, space).withTtl(Duration.ofSeconds(10));
    }
}
