package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Liveness;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.SessionView;
import dev.agentcoord.Subscription;
import dev.agentcoord.ensemble.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated("what it promises within seconds must not wait for other tests")
final class ZkSessionsIT {
    private static final Duration TTL = Duration.ofMillis(2_500);

    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    @Test
    void a_session_is_read_by_others_as_it_was_published() {
        try (ZkBackend mine = connect("read");
                ZkBackend other = connect("read")) {
            ZkStoreSession first = mine.join(
                    Participant.named("builder")
                            .role("lead")
                            .capabilities(Set.of("java"))
                            .labels(Map.of("team", "web")),
                    new Events());
            ZkStoreSession second = other.join(Participant.named("tester"), new Events());

            assertThat(other.sessions())
                    .containsExactly(
                            new SessionView(first.info(), Liveness.ALIVE),
                            new SessionView(second.info(), Liveness.ALIVE));
            assertThat(first.info().processes()).first().satisfies(self -> {
                assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(self.startTicks()).isPositive();
            });
            assertThat(first.ttl()).isEqualTo(TTL);
            assertThat(first.safeFor()).isPositive().isLessThan(TTL);
            assertThat(other.incarnation()).isEqualTo(mine.incarnation()).isPositive();
        }
    }

    @Test
    void close_removes_the_record_before_it_returns() {
        Events events = new Events();
        try (ZkBackend mine = connect("close");
                ZkBackend other = connect("close")) {
            ZkStoreSession session = mine.join(Participant.named("builder"), events);
            session.close();
            session.close();

            assertThat(other.sessions()).isEmpty();
            assertThat(session.safeFor()).isZero();
            assertThat(events.told()).containsExactly(SessionStatus.CLOSED);
        }
    }

    @Test
    void a_killed_process_vanishes_within_its_ttl() throws IOException {
        try (ZkBackend other = connect("kill");
                HolderProcess holder = HolderProcess.start(SERVER.connect(), TTL, 1)) {
            holder.ask("kill");
            assertThat(other.sessions()).hasSize(1);

            holder.kill();
            long killed = System.nanoTime();
            await().atMost(Duration.ofSeconds(10)).until(() -> other.sessions().isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(TTL.plusSeconds(2));
            assertThat(other.tickets()).isEmpty();
        }
    }

    @Test
    void a_heartbeat_raises_the_records_version() throws Exception {
        try (ZkBackend mine = connect("beat");
                RawClient raw = new RawClient(SERVER.connect())) {
            SessionInfo info =
                    mine.join(Participant.named("builder"), new Events()).info();
            await().until(() -> raw.version(path("beat", info)) >= 3);
        }
    }

    @Test
    void a_session_outlives_many_ttls() {
        Events events = new Events();
        try (ZkBackend mine = connect("long")) {
            ZkStoreSession session = mine.join(Participant.named("builder"), events);
            long end = System.nanoTime() + TTL.multipliedBy(2).toNanos();
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                assertThat(session.safeFor()).isPositive();
                return System.nanoTime() > end;
            });
            assertThat(events.told()).isEmpty();
        }
    }

    @Test
    void a_record_that_somebody_removed_ends_its_session() throws Exception {
        Events events = new Events();
        try (ZkBackend mine = connect("removed");
                RawClient raw = new RawClient(SERVER.connect())) {
            ZkStoreSession session = mine.join(Participant.named("builder"), events);
            raw.delete(path("removed", session.info()));

            await().until(() -> events.told().contains(SessionStatus.LOST));
            assertThat(session.safeFor()).isZero();
            session.close();
            assertThat(events.told()).containsExactly(SessionStatus.LOST);
        }
    }

    @Test
    void a_watcher_is_told_of_joins_and_ends() {
        AtomicInteger hints = new AtomicInteger();
        try (ZkBackend mine = connect("watch");
                ZkBackend other = connect("watch")) {
            Subscription watch = other.watchSessions(hints::incrementAndGet);
            await().until(() -> hints.get() > 0);
            int before = hints.get();
            ZkStoreSession session = mine.join(Participant.named("builder"), new Events());
            await().until(() -> hints.get() > before);
            int joined = hints.get();
            session.close();
            await().until(() -> hints.get() > joined);
            watch.close();
        }
    }

    @Test
    void below_a_chroot_nothing_else_is_touched() throws Exception {
        try (RawClient raw = new RawClient(SERVER.connect())) {
            raw.create("/team", "");
            try (ZkBackend mine =
                    Zk.open(ZkOptions.of(SERVER.connect() + "/team", "rooted").withTtl(TTL))) {
                SessionInfo info =
                        mine.join(Participant.named("builder"), new Events()).info();

                assertThat(raw.children("/team/agentcoord/rooted/sessions"))
                        .containsExactly(info.id().text());
                assertThat(raw.has("/agentcoord/rooted")).isFalse();
            }
        }
    }

    @Test
    void a_lost_reply_to_joining_leaves_one_record() throws Exception {
        Events events = new Events();
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                ZkBackend other = connect("reply");
                ZkBackend mine = Zk.open(ZkOptions.of(proxy.connect(), "reply").withTtl(TTL))) {
            proxy.loseReplyToWrite(1);
            ZkStoreSession session = mine.join(Participant.named("builder"), events);

            assertThat(proxy.hasLostReply()).isTrue();
            assertThat(other.sessions()).extracting(SessionView::info).containsExactly(session.info());
            session.close();
            assertThat(other.sessions()).isEmpty();
        }
    }

    private static ZkBackend connect(String space) {
        return Zk.open(ZkOptions.of(SERVER.connect(), space).withTtl(TTL));
    }

    private static String path(String space, SessionInfo info) {
        return "/agentcoord/" + space + "/sessions/" + info.id();
    }
}
