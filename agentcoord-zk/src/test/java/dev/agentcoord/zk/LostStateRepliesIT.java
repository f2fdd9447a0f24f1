package dev.agentcoord.zk;

import static dev.agentcoord.Condition.absent;
import static dev.agentcoord.Condition.requireHeld;
import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Write;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.TcpProxy;
import dev.agentcoord.testkit.Campaign;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The servers change the state as they were asked, and the answer never comes: of every write in turn. */
final class LostStateRepliesIT {
    private static final Duration TTL = Duration.ofSeconds(8);

    private static final int AT_ONCE = 8;
    /** No fewer are in what is done below. */
    private static final int WRITES = 14;

    private static final int MOST = 32;

    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    @Test
    void whatever_answer_is_lost_each_change_is_done_once_and_reported_truly() throws Exception {
        List<Future<Boolean>> tries = new ArrayList<>();
        ExecutorService several = Executors.newFixedThreadPool(AT_ONCE);
        try {
            for (int n = 1; n <= MOST; n++) {
                int number = n;
                tries.add(several.submit(() -> loseReply(number)));
            }
            int lost = 0;
            for (Future<Boolean> one : tries) {
                lost += one.get() ? 1 : 0;
            }
            Campaign.report("lost replies to changes of the state", lost + " replies lost, each change done once");
            assertThat(lost).as("more writes than are tried").isBetween(WRITES, MOST - 1);
        } finally {
            several.shutdownNow();
        }
    }

    /** Whether there was such a write. */
    private static boolean loseReply(int n) throws Exception {
        String space = "lost-" + n;
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                RawClient raw = new RawClient(SERVER.connect());
                Coordinator mine = open(proxy.connect(), space);
                Coordinator others = open(SERVER.connect(), space)) {
            Session alice = mine.join(Participant.named("alice"));
            proxy.loseReplyToWrite(n);

            change(alice, others.join(Participant.named("bob")).state());

            String root = "/agentcoord/" + space + "/state";
            StateNodes nodes = new StateNodes(root);
            assertThat(raw.version(nodes.path("often")))
                    .as("changes after the first, reply %s", n)
                    .isEqualTo(7);
            return proxy.hasLostReply();
        }
    }

    /** Every kind of change, each of which must say what the store says. */
    private static void change(Session alice, SharedState bob) throws Exception {
        SharedState state = alice.state();
        long first = state.put("often", bytes("0"));
        assertThat(bob.get("often").orElseThrow().revision()).isEqualTo(first);
        long last = first;
        for (int i = 1; i <= 4; i++) {
            last = state.put("often", bytes("p" + i));
            assertThat(bob.get("often").orElseThrow().revision()).isEqualTo(last);
        }
        for (int i = 1; i <= 3; i++) {
            last = state.compareAndSet("often", last, bytes("c" + i)).orElseThrow();
        }
        assertThat(bob.get("often").orElseThrow().revision()).isEqualTo(last);
        assertThat(state.compareAndSet("often", first, bytes("x"))).isEmpty();
        long made = state.putIfAbsent("once", bytes("1")).orElseThrow();
        assertThat(state.putIfAbsent("once", bytes("2"))).isEmpty();
        long mine = state.putEphemeral("mine", bytes("1"));
        assertThat(bob.get("mine").orElseThrow().revision()).isEqualTo(mine);
        TxnResult both = state.txn()
                .when(absent("a"))
                .then(Write.put("a", bytes("1")), Write.put("b", bytes("1")), Write.put("mine", bytes("2")))
                .commit();
        assertThat(both.committed()).isTrue();
        assertThat(bob.get("a").orElseThrow().revision()).isEqualTo(both.revision());
        assertThat(bob.get("mine").orElseThrow().owner()).isEmpty();
        assertThat(state.delete("once", made)).isTrue();
        assertThat(bob.get("once")).isEmpty();
        Grant grant = alice.locks().tryAcquire(exclusive(file("f"))).orElseThrow();
        assertThat(state.txn()
                        .when(requireHeld(grant))
                        .then(Write.put("a", bytes("2")))
                        .commit()
                        .committed())
                .isTrue();
        grant.release();
        assertThat(state.txn()
                        .when(requireHeld(grant.token()))
                        .then(Write.put("a", bytes("3")))
                        .commit()
                        .committed())
                .isFalse();
        assertThat(bob.get("a").orElseThrow().text()).isEqualTo("2");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Coordinator open(String connect, String space) {
        ZkOptions options = ZkOptions.of(connect, space).withTtl(TTL).withTimeout(Duration.ofSeconds(20));
        return Engine.over(Zk.open(options), TimeSource.system());
    }
}
