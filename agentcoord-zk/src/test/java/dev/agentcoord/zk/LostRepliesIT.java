package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.Wait;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.TcpProxy;
import dev.agentcoord.testkit.Campaign;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The servers do what was asked, and the answer never comes: of every write in turn. */
final class LostRepliesIT {
    private static final Duration TTL = Duration.ofSeconds(8);
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    @Test
    void whatever_answer_is_lost_no_ticket_is_orphaned_and_none_is_made_twice() throws Exception {
        int lost = 0;
        for (int n = 1; n <= Campaign.size(10, 30); n++) {
            lost += loseReply(n) ? 1 : 0;
        }
        assertThat(lost).as("replies that were lost").isGreaterThanOrEqualTo(7);
    }

    /** Whether there was such a write. */
    private static boolean loseReply(int n) throws Exception {
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                ZkBackend observer = open(SERVER.connect());
                Coordinator mine = Engine.over(open(proxy.connect()), TimeSource.system());
                Coordinator others = Engine.over(open(SERVER.connect()), TimeSource.system())) {
            Session alice = mine.join(Participant.named("alice"));
            Session bob = others.join(Participant.named("bob"));
            proxy.loseReplyToWrite(n);

            lockAndUnlock(alice, bob);

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(observer.tickets())
                            .as("orphaned or made twice, reply %s", n)
                            .isEmpty());
            return proxy.hasLostReply();
        }
    }

    @Test
    void an_answer_lost_to_a_try_without_waiting_leaves_no_waiter() {
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                ZkBackend observer = open(SERVER.connect());
                Coordinator mine = Engine.over(open(proxy.connect()), TimeSource.system());
                Coordinator others = Engine.over(open(SERVER.connect()), TimeSource.system())) {
            Session alice = mine.join(Participant.named("alice"));
            Grant held = others.join(Participant.named("bob"))
                    .locks()
                    .tryAcquire(exclusive(file("a")))
                    .orElseThrow();
            proxy.loseReplyToWrite(1);

            assertThat(alice.locks().tryAcquire(exclusive(file("a")))).isEmpty();

            assertThat(proxy.hasLostReply()).isTrue();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(observer.tickets()).hasSize(1));
            held.release();
        }
    }

    /** One released with the next request, a grant of several paths, one inside another, one that waits, one that is not granted. */
    private static void lockAndUnlock(Session alice, Session bob) throws Exception {
        for (int i = 0; i < 3; i++) {
            alice.locks().acquire(exclusive(file("c")), Wait.upTo(SOON)).release();
            try (Grant grant = alice.locks().acquire(exclusive(file("a"), tree("src")), Wait.upTo(SOON))) {
                grant.check();
                CompletableFuture<Grant> waiting = bob.locks().acquireAsync(exclusive(tree("src")), Wait.upTo(SOON));
                assertThat(alice.locks().tryAcquire(exclusive(file("b"))))
                        .isPresent()
                        .get()
                        .satisfies(Grant::release);
                grant.release();
                waiting.join().release();
            } catch (CoordinationException e) {
                throw new AssertionError("attempt " + i, e);
            }
        }
    }

    private static ZkBackend open(String connect) {
        return Zk.open(ZkOptions.of(connect, "replies").withTtl(TTL).withTimeout(Duration.ofSeconds(20)));
    }
}
