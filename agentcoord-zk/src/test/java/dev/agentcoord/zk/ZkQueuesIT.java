package dev.agentcoord.zk;

import static dev.agentcoord.Condition.requireHeld;
import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.Recipient;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.Write;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.queue.Retention;
import dev.agentcoord.engine.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only this backend has to show of its queues. */
final class ZkQueuesIT {
    private static final long SMALL_STACK = 256 * 1024;

    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    private final String space = "queues-" + UUID.randomUUID();
    private final List<Coordinator> opened = new ArrayList<>();
    private final List<ZkBackend> backends = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Coordinator::close);
    }

    @Test
    void many_consumers_share_many_tasks_and_each_is_done_once() throws Exception {
        TaskQueue queue = join("producer").queue("work");
        for (int i = 0; i < 3; i++) {
            queue.enqueueAll(IntStream.range(0, 100)
                    .mapToObj(n -> NewTask.of("task " + n))
                    .toList());
        }
        List<TaskId> done = Collections.synchronizedList(new ArrayList<>());
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> consumers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                TaskQueue its = join("consumer-" + i).queue("work");
                consumers.add(threads.submit(() -> {
                    var claim = its.tryClaim();
                    while (claim.isPresent()) {
                        done.add(claim.get().task().id());
                        claim.get().complete("");
                        claim = its.tryClaim();
                    }
                }));
            }
            for (Future<?> consumer : consumers) {
                consumer.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(done).hasSize(300);
        assertThat(new HashSet<>(done)).hasSize(300);
        assertThat(queue.depth()).containsEntry(TaskState.DONE, 300).containsEntry(TaskState.READY, 0);
    }

    @Test
    void a_claim_takes_what_became_first_since_it_last_looked_and_leaves_what_it_foresaw_untouched() {
        TaskQueue queue = join("alice").queue("work");
        TaskQueue other = join("bob").queue("work");
        List<TaskInfo> tasks = queue.enqueueAll(
                IntStream.range(0, 5).mapToObj(n -> NewTask.of("task " + n)).toList());
        for (int n = 0; n < 3; n++) {
            Claim claim = queue.tryClaim().orElseThrow();
            assertThat(claim.task().payloadText()).isEqualTo("task " + n);
            claim.complete("");
        }
        other.enqueue(NewTask.of("urgent").priority(0));

        assertThat(queue.tryClaim().orElseThrow().task().payloadText()).isEqualTo("urgent");
        TaskId foreseen = tasks.get(3).id();
        assertThat(other.find(foreseen).orElseThrow().state()).isEqualTo(TaskState.READY);
        assertThat(other.history(foreseen)).isEmpty();
        Claim next = other.tryClaim().orElseThrow();
        assertThat(next.task().id()).isEqualTo(foreseen);
        assertThat(next.task().attempt()).isEqualTo(1);
        assertThat(next.token().generation()).isEqualTo(1);
    }

    @Test
    void a_batch_that_no_request_can_hold_is_refused_and_leaves_nothing() {
        TaskQueue queue = join("alice").queue("work");
        List<NewTask> large = IntStream.range(0, 20)
                .mapToObj(n -> NewTask.of(new byte[60_000]))
                .toList();

        assertThatThrownBy(() -> queue.enqueueAll(large))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("batch");

        assertThat(queue.status().pending()).isZero();
        assertThat(queue.enqueueAll(large.subList(0, 10))).hasSize(10);
    }

    @Test
    void a_full_queue_takes_more_as_soon_as_its_bound_is_raised() {
        TaskQueue queue = join("alice").queue("work");
        queue.control().configure(QueueSettings.defaults().maxDepth(2));
        queue.enqueueAll(List.of(NewTask.of("one"), NewTask.of("two")));
        assertThatThrownBy(() -> queue.enqueue(NewTask.of("three"))).isInstanceOf(QueueFullException.class);

        queue.control().configure(QueueSettings.defaults().maxDepth(3));
        queue.enqueue(NewTask.of("three"));
        join("bob").queue("work").control().configure(QueueSettings.defaults().maxDepth(4));
        queue.enqueue(NewTask.of("four"));

        assertThatThrownBy(() -> queue.enqueue(NewTask.of("five"))).isInstanceOf(QueueFullException.class);
        assertThat(queue.status().pending()).isEqualTo(4);
    }

    @Test
    void the_bound_of_a_queue_holds_for_who_was_refused_before() {
        TaskQueue queue = join("alice").queue("work");
        queue.control().configure(QueueSettings.defaults().maxDepth(4));
        queue.enqueue(NewTask.of("one"));
        join("bob").queue("work").enqueueAll(List.of(NewTask.of("two"), NewTask.of("three"), NewTask.of("four")));

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> queue.enqueue(NewTask.of("five"))).isInstanceOf(QueueFullException.class);
        }

        assertThat(queue.status().pending()).isEqualTo(4);
    }

    @Test
    void tasks_that_fit_no_request_together_become_ready_all_the_same() {
        TaskQueue queue = join("alice").queue("work");
        List<NewTask> large =
                Collections.nCopies(8, NewTask.of(new byte[60_000]).delay(Duration.ofSeconds(1)));
        queue.enqueueAll(large);
        queue.enqueueAll(large);

        await().untilAsserted(() -> assertThat(queue.depth()).containsEntry(TaskState.READY, 16));

        assertThat(queue.tryClaim()).isPresent();
    }

    /** As long as they may be, of characters that JSON makes six times as long, and twice. */
    @Test
    void whatever_task_a_queue_takes_each_later_change_of_it_fits_a_request() {
        for (String character : List.of("\u0001", "\n")) {
            TaskQueue queue = join("alice").queue("work" + (int) character.charAt(0));
            NewTask largest = NewTask.of(new byte[Limits.VALUE_BYTES]).headers(Map.of("h", character.repeat(62_000)));
            TaskId first = new TaskId("first");
            try {
                queue.enqueue(largest.id(first).orderingKey("one"));
                queue.enqueue(largest.orderingKey("two").dependsOn(Set.of(first)));
                queue.enqueue(largest.id(new TaskId("last")).orderingKey("two"));
            } catch (LimitExceededException e) {
                assertThat(e).hasMessageContaining("headers").hasMessageContaining("payload");
                continue;
            }
            queue.tryClaim().orElseThrow().complete("r".repeat(Limits.VALUE_BYTES));

            Claim claim = queue.tryClaim().orElseThrow();
            claim.fail("f".repeat(Limits.VALUE_BYTES), Retry.never());
            assertThat(queue.tryClaim().orElseThrow().task().id().text()).isEqualTo("last");
            assertThat(queue.control().redrive(claim.task().id())).isTrue();
        }
    }

    @Test
    void of_locks_that_parked_tasks_gave_up_only_the_latest_stay_on_record() throws Exception {
        Session alice = join("alice");
        Session bob = join("bob");
        String thefts = "/agentcoord/" + space + "/thefts";
        giveUpParked(alice, bob);
        try (RawClient raw = new RawClient(SERVER.connect())) {
            String record = raw.read(thefts + "/" + raw.children(thefts).get(0));
            for (int i = 0; i < Limits.THEFTS; i++) {
                raw.create(thefts + "/another" + i, record);
            }

            giveUpParked(alice, bob);

            assertThat(raw.children(thefts)).hasSize(Limits.THEFTS);
        }
    }

    /** A lock of a task that nobody claims again is taken by who wants it. */
    private static void giveUpParked(Session alice, Session bob) {
        alice.queue("parked").enqueue(NewTask.of("one").parkTimeout(Duration.ofMillis(1)));
        Claim claim = alice.queue("parked").tryClaim().orElseThrow();
        assertThat(alice.locks().tryAcquire(exclusive(file("parked")).under(claim)))
                .isPresent();
        claim.handoff(Recipient.agent("nobody"), "");
        await().until(() -> bob.locks()
                .tryAcquire(exclusive(file("parked")))
                .map(grant -> {
                    grant.release();
                    return true;
                })
                .orElse(false));
    }

    @Test
    void thousand_tasks_are_one_batch_listed_in_pages_in_their_order() {
        TaskQueue queue = join("alice").queue("work");
        List<TaskId> ids =
                queue
                        .enqueueAll(IntStream.range(0, 1_000)
                                .mapToObj(n -> NewTask.of("task " + n))
                                .toList())
                        .stream()
                        .map(TaskInfo::id)
                        .toList();

        List<TaskId> listed = new ArrayList<>();
        TaskPage page = queue.list(TaskState.READY, "", 400);
        page.tasks().forEach(task -> listed.add(task.id()));
        while (page.next().isPresent()) {
            page = queue.list(TaskState.READY, page.next().get(), 400);
            page.tasks().forEach(task -> listed.add(task.id()));
        }
        assertThat(listed).isEqualTo(ids);
    }

    @Test
    void what_has_ended_goes_in_time_and_its_id_a_day_after_it_ended() {
        Session alice = join("alice");
        TaskQueue queue = alice.queue("work");
        NewTask task = NewTask.of("once").id(new TaskId("t"));
        queue.enqueue(task);
        queue.tryClaim().orElseThrow().complete("done");
        QueuePruner pruner = backends.get(0).joined().get(0).tasks("work").pruner();

        pruner.run(Instant.now(), Retention.MOST);
        assertThat(queue.find(new TaskId("t"))).isPresent();
        pruner.run(Instant.now(), 0);
        assertThat(queue.find(new TaskId("t"))).as("more than are kept").isEmpty();
        assertThat(queue.depth()).containsEntry(TaskState.DONE, 0);
        assertThat(queue.enqueue(task).state()).as("its id is known").isEqualTo(TaskState.DONE);

        pruner.run(Instant.now().plus(Duration.ofHours(25)), 0);
        assertThat(queue.enqueue(task).state()).isEqualTo(TaskState.READY);
        queue.tryClaim().orElseThrow().complete("done again");
        pruner.run(Instant.now().plus(Duration.ofDays(8)), Retention.MOST);
        assertThat(queue.find(new TaskId("t"))).as("older than is kept").isEmpty();
    }

    @Test
    void a_write_that_requires_a_lock_of_a_task_happens_only_under_the_claim_that_has_it() {
        Session alice = join("alice");
        Session bob = join("bob");
        alice.queue("work").enqueue(NewTask.of("rename"));
        Claim claim = alice.queue("work").tryClaim().orElseThrow();
        Grant grant =
                alice.locks().tryAcquire(exclusive(file("a")).under(claim)).orElseThrow();
        FencingToken token = grant.token();

        assertThat(put(alice, token, "1")).isTrue();
        assertThat(put(bob, token, "2")).as("whoever writes, the lock is held").isTrue();
        claim.handoff(Recipient.anyone(), "your turn");
        assertThat(put(alice, token, "3")).isFalse();
        assertThat(put(bob, token, "3")).isFalse();
        Claim next = bob.queue("work").tryClaim().orElseThrow();
        assertThat(put(alice, token, "4")).isFalse();
        assertThat(put(alice, next.grants().get(0).token(), "5")).isTrue();
        next.complete("");
        assertThat(put(alice, token, "6")).isFalse();
        assertThat(alice.state().get("k").orElseThrow().text()).isEqualTo("5");
    }

    @Test
    void a_queue_that_was_worked_off_leaves_no_names_behind_it() throws Exception {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueue(NewTask.of("one").dedupKey("d").orderingKey("k"));
        queue.enqueue(NewTask.of("two").orderingKey("k"));
        queue.tryClaim().orElseThrow().complete("");
        queue.tryClaim().orElseThrow().complete("");

        try (RawClient raw = new RawClient(SERVER.connect())) {
            String root = "/agentcoord/" + space + "/queues/work";
            for (String part : Set.of("dedup", "holders", "settle", "waiting")) {
                assertThat(raw.children(root + "/" + part)).as(part).isEmpty();
            }
        }
    }

    @Test
    void the_length_of_a_chain_of_dependents_is_no_matter_of_the_stack_of_who_cancels_its_first() throws Exception {
        TaskQueue queue = join("alice").queue("work");
        int length = 250;
        queue.enqueueAll(IntStream.range(0, length)
                .mapToObj(n -> NewTask.of("task " + n)
                        .id(new TaskId("t-" + n))
                        .dependsOn(n == 0 ? Set.of() : Set.of(new TaskId("t-" + (n - 1)))))
                .toList());
        CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

        new Thread(
                        null,
                        () -> {
                            try {
                                cancelled.complete(queue.control().cancel(new TaskId("t-0"), "not needed"));
                            } catch (Throwable e) {
                                cancelled.completeExceptionally(e);
                            }
                        },
                        "small stack",
                        SMALL_STACK)
                .start();

        assertThat(cancelled.get()).isTrue();
        assertThat(queue.depth()).containsEntry(TaskState.CANCELLED, length);
    }

    private static boolean put(Session session, FencingToken token, String value) {
        return session.state()
                .txn()
                .when(requireHeld(token))
                .then(Write.put("k", value.getBytes(UTF_8)))
                .commit()
                .committed();
    }

    private Session join(String agent) {
        ZkBackend backend = Zk.open(ZkOptions.of(SERVER.connect(), space).withTtl(Duration.ofSeconds(10)));
        backends.add(backend);
        Coordinator coordinator = Engine.over(backend, TimeSource.system());
        opened.add(coordinator);
        return coordinator.join(Participant.named(agent));
    }
}
