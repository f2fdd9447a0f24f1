package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.NewTask;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.TcpProxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The servers make a claim, its answer never comes, and nobody can look in time: of every write of a claim in turn. */
final class UnheardClaimsIT {
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofSeconds(8);
    private static final int MOST = 6;

    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    @Test
    void a_claim_nobody_heard_of_is_given_back_though_its_session_lives() {
        assertThat(claimsUnheard("first", false))
                .as("claims whose outcome stayed unknown")
                .isPositive();
    }

    @Test
    void a_claim_that_may_have_been_put_back_is_not_reported() {
        assertThat(claimsUnheard("again", true))
                .as("claims, and tasks put back, whose outcome stayed unknown")
                .isGreaterThan(1);
    }

    /** How many stay unknown of claims of which the first loses its first reply, the second its second, and so on. */
    private static int claimsUnheard(String space, boolean outOfTurn) {
        int unknown = 0;
        for (int n = 1; n <= MOST; n++) {
            unknown += isUnheard(n, space + n, outOfTurn) ? 1 : 0;
        }
        return unknown;
    }

    private static boolean isUnheard(int n, String space, boolean outOfTurn) {
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                Coordinator mine = open(proxy.connect(), space, SHORT);
                Coordinator others = open(SERVER.connect(), space, SOON)) {
            Session alice = mine.join(Participant.named("alice"));
            TaskQueue bob = others.join(Participant.named("bob")).queue("work");
            TaskQueue queue = alice.queue("work");
            bob.enqueueAll(List.of(NewTask.of("one"), NewTask.of("two"), NewTask.of("three")));
            if (outOfTurn) {
                queue.tryClaim().orElseThrow().complete("");
                queue.tryClaim().orElseThrow().complete("");
                bob.enqueueAll(List.of(NewTask.of("urgent").priority(0), NewTask.of("four")));
            }
            proxy.cutAtReplyToWrite(n);

            boolean unknown = false;
            int claimed = 0;
            try {
                claimed = queue.tryClaim().isPresent() ? 1 : 0;
            } catch (OutcomeUnknownException e) {
                unknown = true;
            } catch (StoreUnavailableException e) {
                assertThat(proxy.hasLostReply()).isTrue();
            }

            proxy.heal();
            int left = 3 - claimed;
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(bob.depth())
                            .as("reply %s", n)
                            .containsEntry(TaskState.READY, left)
                            .containsEntry(TaskState.CLAIMED, 3 - left));
            for (int i = 0; i < left; i++) {
                assertThat(bob.tryClaim().orElseThrow().task().attempt()).isEqualTo(1);
            }
            return unknown;
        }
    }

    private static Coordinator open(String connect, String space, Duration timeout) {
        return Engine.over(
                Zk.open(ZkOptions.of(connect, space).withTtl(TTL).withTimeout(timeout)), TimeSource.system());
    }
}
