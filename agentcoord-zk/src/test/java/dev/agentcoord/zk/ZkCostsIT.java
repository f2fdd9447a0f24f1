package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.spi.TicketDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What docs/performance.md says that each operation costs, counted by the server. */
final class ZkCostsIT {
    /** Of so many the least counts: now and then a heartbeat comes in between, or a waiter looks again. */
    private static final int TIMES = 9;

    private static final byte[] VALUE = "value".getBytes(UTF_8);

    /** To acquire and release what another waits for. */
    private static final int BY_THE_HOLDER = 3;

    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    private static ZkBackend backend;
    private static Coordinator coordinator;
    private static Session alice;
    private static Session bob;
    private static List<String> documented = List.of();

    /** Each question to the server is one of what it counts. */
    private long asked;
    /** Whether it did not answer one, so that nobody knows whether that was counted. */
    private boolean isUnsure;

    private long numbers = 1;

    @BeforeAll
    static void start() throws IOException {
        backend = Zk.open(ZkOptions.of(SERVER.connect(), "costs").withTtl(Duration.ofSeconds(10)));
        coordinator = Engine.over(backend, TimeSource.system());
        alice = coordinator.join(Participant.named("alice"));
        bob = coordinator.join(Participant.named("bob"));
        documented = Files.readAllLines(Path.of(System.getProperty("basedir"), "..", "docs", "performance.md"));
    }

    @AfterAll
    static void stop() {
        coordinator.close();
    }

    @Test
    void locks_cost_what_is_documented() {
        LockRequest request = exclusive(file("src/a"));
        List<Grant> grants = new ArrayList<>();
        assertCost(
                "acquire, granted at once, whatever number of paths", () -> grants.add(acquire(alice, request)), () -> {
                    grants.remove(0).release();
                });
        LockRequest many = exclusive(
                IntStream.range(0, 10).mapToObj(i -> file("src/many/" + i)).toArray(Item[]::new));
        assertCost("acquire, granted at once, whatever number of paths", () -> grants.add(acquire(alice, many)), () -> {
            grants.remove(0).release();
        });
        grants.add(acquire(alice, request));
        assertCost("acquire of what the session holds already", () -> acquire(alice, request), () -> {});
        assertCost("`check()`", () -> grants.get(0).check(), () -> {});
        assertCost("`verify()`", () -> grants.get(0).verify(), () -> {});
        assertCost("`explain` of what is free", () -> alice.locks().explain(exclusive(file("src/b"))), () -> {});
    }

    @Test
    void a_release_costs_what_is_documented() {
        List<Grant> grants = new ArrayList<>();
        Runnable take = () -> grants.add(acquire(alice, exclusive(file("src/r"))));
        take.run();
        assertCost("release", () -> grants.remove(0).release(), take);
    }

    @Test
    void a_wait_costs_what_is_documented() {
        LockRequest request = exclusive(file("src/w"));
        ZkTicketStore waiter = backend.joined().stream()
                .filter(session -> session.info().equals(bob.info()))
                .findFirst()
                .orElseThrow()
                .tickets();
        List<Ticket> granted = new ArrayList<>();
        assertCost(
                "acquire that waits for one ticket, until it is granted",
                () -> {
                    Grant held = acquire(alice, request);
                    CountDownLatch free = new CountDownLatch(1);
                    long watches = figure("zk_watch_count");
                    Ticket ticket = waiter.place(new TicketDraft(request, numbers++, free::countDown), true)
                            .ticket();
                    await().until(() -> figure("zk_watch_count") > watches);
                    held.release();
                    await().until(() -> free.getCount() == 0);
                    assertThat(waiter.decide(ticket)).isInstanceOf(Verdict.Granted.class);
                    granted.add(ticket);
                },
                () -> waiter.remove(granted.remove(0)),
                BY_THE_HOLDER);
    }

    @Test
    void shared_state_costs_what_is_documented() {
        SharedState state = alice.state();
        long[] revision = {state.put("k", VALUE)};
        String warm =
                "put, compare-and-set, delete, a transaction of keys that the session read or wrote lately, whatever locks of"
                        + " its own it requires";
        assertCost(warm, () -> revision[0] = state.put("k", VALUE), () -> {});
        assertCost(
                warm,
                () -> revision[0] = state.compareAndSet("k", revision[0], VALUE).orElseThrow(),
                () -> {});
        assertCost(
                "a compare-and-set of one key with a revision that was replaced",
                () -> assertThat(state.compareAndSet("k", 1, VALUE)).isEmpty(),
                () -> {});
        assertCost("`get`", () -> state.get("k"), () -> {});
        assertCost("`get` through `linearizable()`", () -> state.linearizable().get("k"), () -> {});
    }

    @Test
    void queues_cost_what_is_documented() {
        TaskQueue queue = alice.queue("work");
        assertCost("enqueue, of one task or a batch", () -> queue.enqueue(NewTask.of("task")), () -> {});
        assertCost(
                "enqueue, of one task or a batch",
                () -> queue.enqueueAll(Collections.nCopies(10, NewTask.of("task"))),
                () -> {});
        List<Claim> claims = new ArrayList<>();
        Runnable claim = () -> claims.add(queue.tryClaim().orElseThrow());
        Runnable complete = () -> claims.remove(0).complete("");
        claim.run();
        assertCost("claim, by who has just claimed and done the one before", claim, complete);
        claim.run();
        assertCost("complete, fail, release, hand-off", complete, claim);
        assertCost(
                "claim, where another task is first than was to be expected",
                claim,
                () -> claims.remove(0).release(Duration.ZERO));
        TaskQueue empty = alice.queue("empty");
        assertThat(empty.tryClaim()).isEmpty();
        assertCost(
                "claim that finds nothing", () -> assertThat(empty.tryClaim()).isEmpty(), () -> {});
    }

    private void assertCost(String operation, Runnable run, Runnable after) {
        assertCost(operation, run, after, 0);
    }

    private void assertCost(String operation, Runnable run, Runnable after, int others) {
        run.run();
        after.run();
        List<Long> counts = new ArrayList<>();
        List<Long> nothing = new ArrayList<>();
        for (int i = 0; i < TIMES || counts.isEmpty() || nothing.isEmpty(); i++) {
            count(run).ifPresent(counts::add);
            after.run();
            count(() -> {}).ifPresent(nothing::add);
        }
        assertThat(Collections.min(counts) - Collections.min(nothing) - others)
                .as(operation + " " + counts)
                .isEqualTo(documented(operation));
    }

    /** All that was sent by the time that both sessions have had an answer to something that they sent after it. */
    private Optional<Long> count(Runnable run) {
        arrived();
        asked = 0;
        isUnsure = false;
        long before = figure("zk_packets_received");
        run.run();
        arrived();
        long count = figure("zk_packets_received") - before - asked;
        return isUnsure ? Optional.empty() : Optional.of(count);
    }

    private static void arrived() {
        alice.state().get("nothing");
        bob.state().get("nothing");
    }

    private long figure(String name) {
        while (true) {
            try {
                asked++;
                return SERVER.server().figure(name);
            } catch (IllegalStateException e) {
                isUnsure = true;
            }
        }
    }

    /** The number with which the last column begins. */
    private static long documented(String operation) {
        String line = documented.stream()
                .filter(row -> row.startsWith("| " + operation + " |"))
                .filter(row -> row.split("\\|", -1).length == 5)
                .findFirst()
                .orElseThrow(() -> new AssertionError("not in docs/performance.md: " + operation));
        return Long.parseLong(line.split("\\|", -1)[3].strip().split("[^0-9]", 2)[0]);
    }

    private static Grant acquire(Session session, LockRequest request) {
        return session.locks().tryAcquire(request).orElseThrow();
    }
}
