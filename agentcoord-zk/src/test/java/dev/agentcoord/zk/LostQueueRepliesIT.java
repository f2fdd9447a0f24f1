package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Recipient;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.ensemble.TcpProxy;
import dev.agentcoord.spi.TaskStore;
import dev.agentcoord.testkit.Campaign;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The servers change a queue as they were asked, and the answer never comes: of every write in turn. */
final class LostQueueRepliesIT {
    private static final Duration TTL = Duration.ofSeconds(8);
    private static final int AT_ONCE = 8;
    /** No fewer are in what is done below. */
    private static final int WRITES = 30;

    private static final int MOST = 90;

    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    @Test
    void whatever_answer_is_lost_each_transition_is_made_once_and_reported_truly() throws Exception {
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
            Campaign.report("lost replies to changes of a queue", lost + " replies lost, each transition made once");
            assertThat(lost).as("more writes than are tried").isBetween(WRITES, MOST - 1);
        } finally {
            several.shutdownNow();
        }
    }

    @Test
    void a_consumer_whose_way_back_in_line_was_cut_is_woken_again() {
        ZkOptions options = ZkOptions.of(SERVER.connect(), "woken").withTtl(TTL);
        AtomicInteger woken = new AtomicInteger();
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                ZkBackend mine = Zk.open(ZkOptions.of(proxy.connect(), "woken").withTtl(TTL));
                ZkBackend others = Zk.open(options)) {
            TaskStore waiting =
                    mine.join(Participant.named("alice"), new Events()).tasks("work");
            TaskStore queue =
                    others.join(Participant.named("bob"), new Events()).tasks("work");
            Subscription inLine = waiting.onReady(woken::incrementAndGet);
            proxy.loseReplyToWrite(1);
            queue.enqueue(List.of(NewTask.of("first")));
            await().until(proxy::hasLostReply);

            await().untilAsserted(() -> {
                queue.enqueue(List.of(NewTask.of("another")));
                assertThat(woken).hasValueGreaterThan(2);
            });
            inLine.close();
        }
    }

    @Test
    void a_consumer_whose_place_in_line_nobody_confirmed_stands_there_once_and_leaves_it_whole() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                ZkBackend mine = Zk.open(ZkOptions.of(proxy.connect(), "once").withTtl(TTL));
                RawClient raw = new RawClient(SERVER.connect())) {
            TaskStore queue =
                    mine.join(Participant.named("alice"), new Events()).tasks("work");
            String waiting = "/agentcoord/once/queues/work/waiting";
            queue.onReady(() -> {}).close();
            int lost = 0;
            for (int i = 0; i < 3; i++) {
                await().until(() -> raw.children(waiting).isEmpty());
                proxy.loseReplyToWrite(1);

                Subscription inLine = queue.onReady(() -> {});

                assertThat(raw.children(waiting)).hasSize(1);
                lost += proxy.hasLostReply() ? 1 : 0;
                inLine.close();
            }
            assertThat(lost).isPositive();
            await().until(() -> raw.children(waiting).isEmpty());
        }
    }

    @Test
    void who_gave_up_getting_in_line_leaves_nothing_there_that_would_be_woken_instead_of_others() throws Exception {
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                ZkBackend mine = Zk.open(
                        ZkOptions.of(proxy.connect(), "gave-up").withTtl(TTL).withTimeout(Duration.ofSeconds(2)));
                RawClient raw = new RawClient(SERVER.connect())) {
            ZkStoreSession session = mine.join(Participant.named("alice"), new Events());
            String waiting = "/agentcoord/gave-up/queues/work/waiting";
            session.tasks("work").onReady(() -> {}).close();
            await().until(() -> raw.children(waiting).isEmpty());
            proxy.cutAtReplyToWrite(1);

            assertThatThrownBy(() -> session.tasks("work").onReady(() -> {}))
                    .isInstanceOf(StoreUnavailableException.class);

            assertThat(raw.children(waiting)).hasSize(1);
            proxy.heal();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> raw.children(waiting).isEmpty());
            assertThat(session.hasEnded()).isFalse();
        }
    }

    /** Whether there was such a write. */
    private static boolean loseReply(int n) throws Exception {
        String space = "lost-queue-" + n;
        try (TcpProxy proxy = TcpProxy.to(SERVER.server().port());
                Coordinator mine = open(proxy.connect(), space);
                Coordinator others = open(SERVER.connect(), space)) {
            Session alice = mine.join(Participant.named("alice"));
            Session bob = others.join(Participant.named("bob"));
            proxy.loseReplyToWrite(n);

            work(alice, bob.queue("work"));

            assertThat(others.locks()).as("locks left, reply %s", n).isEmpty();
            assertThat(bob.queue("work").depth())
                    .as("reply %s", n)
                    .containsEntry(TaskState.DONE, 5)
                    .containsEntry(TaskState.DEAD, 0)
                    .containsEntry(TaskState.CANCELLED, 2)
                    .containsEntry(TaskState.READY, 0)
                    .containsEntry(TaskState.CLAIMED, 0)
                    .containsEntry(TaskState.BLOCKED, 0)
                    .containsEntry(TaskState.SCHEDULED, 0);
            return proxy.hasLostReply();
        }
    }

    /** Every kind of change, each of which must say what the store says. */
    private static void work(Session alice, TaskQueue bob) {
        TaskQueue queue = alice.queue("work");
        TaskId one = queue.enqueue(NewTask.of("one").dedupKey("d")).id();
        assertThat(bob.enqueue(NewTask.of("one").dedupKey("d")).id()).isEqualTo(one);
        List<TaskInfo> batch = queue.enqueueAll(List.of(
                NewTask.of("two").orderingKey("k"),
                NewTask.of("three").orderingKey("k"),
                NewTask.of("four").dependsOn(Set.of(one))));
        assertThat(bob.depth()).containsEntry(TaskState.READY, 2).containsEntry(TaskState.BLOCKED, 2);

        Claim claim = claim(queue, "one");
        assertThat(bob.find(one).orElseThrow().claimer()).contains(alice.info().id());
        claim.fail("no network", Retry.after(Duration.ZERO));
        claim(queue, "one").release(Duration.ZERO);
        claim = claim(queue, "one");
        Grant own = alice.locks().tryAcquire(exclusive(file("a"))).orElseThrow();
        claim.bind(own);
        Grant under =
                alice.locks().tryAcquire(exclusive(file("b")).under(claim)).orElseThrow();
        under.check();
        claim.handoff(Recipient.anyone(), "half done");
        claim = claim(queue, "one");
        assertThat(claim.grants()).hasSize(2);
        claim.grants().get(0).release();
        claim.complete("done");
        assertThat(bob.history(one))
                .extracting(TaskAttempt::outcome)
                .containsExactly(
                        TaskAttempt.Outcome.FAILED,
                        TaskAttempt.Outcome.RELEASED,
                        TaskAttempt.Outcome.HANDED_OFF,
                        TaskAttempt.Outcome.DONE);

        claim(queue, "two").fail("impossible", Retry.never());
        assertThat(queue.control().redrive(batch.get(0).id())).isTrue();
        claim(queue, "three").complete("");
        claim(queue, "two").complete("");
        claim(queue, "four").complete("");

        TaskId five = queue.enqueue(NewTask.of("five").id(new TaskId("five"))).id();
        queue.enqueue(NewTask.of("six").dependsOn(Set.of(five)));
        assertThat(queue.control().cancel(five, "not needed")).isTrue();
        assertThat(queue.control().cancel(five, "again")).isFalse();
        queue.control().pause();
        queue.enqueue(NewTask.of("seven"));
        assertThat(queue.tryClaim()).isEmpty();
        queue.control().resume();
        claim(queue, "seven").complete("");
    }

    private static Claim claim(TaskQueue queue, String payload) {
        Claim claim = queue.tryClaim().orElseThrow();
        assertThat(claim.task().payloadText()).isEqualTo(payload);
        return claim;
    }

    private static Coordinator open(String connect, String space) {
        ZkOptions options = ZkOptions.of(connect, space).withTtl(TTL).withTimeout(Duration.ofSeconds(20));
        return Engine.over(Zk.open(options), TimeSource.system());
    }
}
