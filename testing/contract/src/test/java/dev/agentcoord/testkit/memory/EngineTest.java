package dev.agentcoord.testkit.memory;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.Intervention;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.Liveness;
import dev.agentcoord.LockFilter;
import dev.agentcoord.LockInfo;
import dev.agentcoord.NewTask;
import dev.agentcoord.Recipient;
import dev.agentcoord.Retry;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.SessionView;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.StateEvent;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.TicketId;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.engine.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the engine adds to any backend, where only a backend that can be stopped, cut off and broken shows it. */
final class EngineTest extends TwoInFragileSpace {
    @Test
    void a_hand_off_with_a_grant_that_cannot_go_along_binds_none_and_ends_nothing() {
        Grant own = hold(alice, "a");
        Grant others = hold(bob, "b");
        alice.queue("work").enqueue(NewTask.of("rename"));
        Claim claim = alice.queue("work").tryClaim().orElseThrow();

        assertThatThrownBy(() -> claim.handoff(Recipient.anyone(), "your turn", List.of(own, others)))
                .isInstanceOf(InvalidRequestException.class);

        claim.complete("done after all");
        own.check();
        assertThat(own.token().generation()).isZero();
        assertThatThrownBy(() -> claim.complete("twice"))
                .isInstanceOf(StaleClaimException.class)
                .hasMessageNotContaining("again");
        assertThat(claim.toString()).contains("work", claim.task().id().text());
        assertThat(own.toString()).contains("grant of a", own.token().toString());
    }

    @Test
    void a_watcher_sees_a_session_that_stands_still_as_suspect() {
        List<List<Liveness>> seen = new CopyOnWriteArrayList<>();
        try (Subscription watch = coordinator.watchSessions(sessions ->
                seen.add(sessions.stream().map(SessionView::liveness).toList()))) {
            await().until(() -> seen.size() == 1);
            space.stop(alice.info().id());
            await().untilAsserted(() -> assertThat(seen).endsWith(List.of(Liveness.SUSPECT, Liveness.ALIVE)));
            space.resume(alice.info().id());
            await().untilAsserted(() -> assertThat(seen).endsWith(List.of(Liveness.ALIVE, Liveness.ALIVE)));
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void only_so_many_questions_stand_before_a_session_that_stands_still() {
        hold(alice, "a");
        TicketId ticket = coordinator.locks().get(0).id();
        space.stop(alice.info().id());
        for (int i = 0; i < Limits.RELEASE_REQUESTS; i++) {
            bob.locks().requestRelease(ticket, "please");
        }

        assertThatThrownBy(() -> bob.locks().requestRelease(ticket, "please"))
                .isInstanceOf(LimitExceededException.class);
    }

    @Test
    void nobody_floods_a_holder_with_questions_about_many_tickets() {
        List<Intervention> heard = new CopyOnWriteArrayList<>();
        alice.locks().onReleaseRequested(heard::add);
        for (int i = 0; i < 2 * Limits.RELEASE_REQUESTS; i++) {
            hold(alice, "f" + i);
        }

        coordinator.locks().forEach(lock -> bob.locks().requestRelease(lock.id(), "please"));

        await().untilAsserted(() -> assertThat(heard).hasSize(Limits.RELEASE_REQUESTS));
        alice.status();
        assertThat(heard).hasSize(Limits.RELEASE_REQUESTS);
        time.advance(Duration.ofMinutes(1));
        bob.locks().requestRelease(coordinator.locks().get(0).id(), "please");
        await().untilAsserted(() -> assertThat(heard).hasSize(Limits.RELEASE_REQUESTS + 1));
    }

    @Test
    void a_suspended_session_asserts_nothing_until_it_is_back() throws Exception {
        List<SessionStatus> heard = new CopyOnWriteArrayList<>();
        alice.onStatus(heard::add);
        Grant held = hold(alice, "a");
        space.suspend(alice.info().id());

        assertThat(alice.status()).isEqualTo(SessionStatus.SUSPENDED);
        assertThatThrownBy(held::check).isInstanceOf(GrantLostException.class).hasMessageContaining("suspended");
        assertThat(alice.locks().tryAcquire(exclusive(file("a")))).isEmpty();
        CompletableFuture<Grant> again = alice.locks().acquireAsync(exclusive(file("a")), Wait.forever());
        assertThat(again).isNotDone();

        space.reconnect(alice.info().id());
        again.get(20, TimeUnit.SECONDS).check();
        held.check();
        assertThat(heard).containsExactly(SessionStatus.SUSPENDED, SessionStatus.CONNECTED);
    }

    @Test
    void a_grant_that_comes_after_the_deadline_is_given_back() {
        Grant held = hold(alice, "a");
        CompletableFuture<Grant> late = waiting(Wait.upTo(Duration.ofMinutes(5)));

        time.advance(Duration.ofMinutes(5));
        held.release();

        assertThatThrownBy(late::join).cause().isInstanceOf(WaitTimeoutException.class);
        assertThat(coordinator.locks()).isEmpty();
    }

    @Test
    void a_future_given_up_in_any_way_withdraws_its_request() {
        Grant held = hold(alice, "a");
        CompletableFuture<Grant> given = waiting(Wait.forever()).orTimeout(50, TimeUnit.MILLISECONDS);

        assertThatThrownBy(given::join).isInstanceOf(CompletionException.class);

        await().untilAsserted(() -> assertThat(coordinator.locks()).hasSize(1));
        held.release();
    }

    @Test
    void a_withdrawal_is_repeated_until_the_store_has_it() {
        Grant held = hold(alice, "a");
        CompletableFuture<Grant> waiting = waiting(Wait.forever());
        space.outages.set(1);

        waiting.cancel(true);

        assertThat(coordinator.locks()).hasSize(2);
        await().untilAsserted(() -> assertThat(coordinator.locks()).hasSize(1));
        held.release();
    }

    @Test
    void a_release_that_failed_says_so_and_is_repeated() {
        Grant held = hold(alice, "a");
        space.outages.set(1);

        assertThatThrownBy(held::release).isInstanceOf(StoreUnavailableException.class);

        await().untilAsserted(() -> assertThat(coordinator.locks()).isEmpty());
    }

    @Test
    void a_release_that_fails_for_one_of_its_tickets_gives_up_the_others() {
        Grant inner = hold(alice, "a");
        Grant outer = alice.locks().tryAcquire(exclusive(file("a"), file("b"))).orElseThrow();
        inner.release();
        assertThat(coordinator.locks()).hasSize(2);
        space.outages.set(1);

        assertThatThrownBy(outer::release).isInstanceOf(StoreUnavailableException.class);

        await().untilAsserted(() -> assertThat(coordinator.locks()).isEmpty());
    }

    @Test
    void whoever_waits_hears_that_the_wait_is_over_though_the_request_cannot_be_withdrawn_yet() {
        Grant held = hold(alice, "a");
        CompletableFuture<Grant> waiting = waiting(Wait.upTo(Duration.ofMinutes(5)));
        space.damaged.set("locks");

        time.advance(Duration.ofMinutes(6));

        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS)).cause().isInstanceOf(WaitTimeoutException.class);
        space.damaged.set("");
        await().untilAsserted(() -> assertThat(coordinator.locks()).hasSize(1));
        held.release();
    }

    @Test
    void whoever_waits_hears_that_the_wait_is_over_though_nobody_can_say_what_is_in_the_way() {
        Grant held = hold(alice, "a");
        CompletableFuture<Grant> waiting = waiting(Wait.upTo(Duration.ofMinutes(5)));
        space.damaged.set("listing");

        time.advance(Duration.ofMinutes(6));

        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(WaitTimeoutException.class)
                .hasMessageContaining("out of reach");
        space.damaged.set("");
        await().untilAsserted(() -> assertThat(coordinator.locks()).hasSize(1));
        held.release();
    }

    @Test
    void a_key_that_cannot_be_read_hides_no_change_of_another_from_a_watch() {
        List<String> told = new CopyOnWriteArrayList<>();
        try (Subscription watch = alice.state()
                .watch(
                        "",
                        event -> told.add(
                                event instanceof StateEvent.Put put
                                        ? put.value().key()
                                        : "all"))) {
            await().untilAsserted(() -> assertThat(told).contains("all"));
            space.damaged.set("b");
            List.of("a", "b", "c").forEach(key -> bob.state().put(key, new byte[0]));

            await().untilAsserted(() -> assertThat(told).contains("a", "c"));

            space.damaged.set("");
            await().untilAsserted(() -> assertThat(told).contains("b"));
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void a_request_that_was_not_granted_keeps_nothing_of_what_covered_it() {
        Grant covering = hold(alice, "a");
        hold(bob, "b");
        assertThat(alice.locks().tryAcquire(exclusive(file("a"), file("b")))).isEmpty();

        covering.release();

        hold(bob, "a");
    }

    @Test
    void a_listing_is_narrowed_to_what_is_asked_for() {
        hold(alice, "src/A.java");
        hold(alice, "doc/B.md");
        CompletableFuture<Grant> waiting = bob.locks().acquireAsync(exclusive(tree("src")), Wait.forever());
        await().until(() -> coordinator.locks().size() == 3);

        assertThat(listed(LockFilter.all().agent("alice"))).containsExactly("src/A.java", "doc/B.md");
        assertThat(listed(LockFilter.all().session(bob.info().id()))).containsExactly("src");
        assertThat(listed(LockFilter.all().touching(file("src/A.java"), tree("x"))))
                .containsExactly("src/A.java", "src");
        assertThat(listed(LockFilter.all().touching(glob("**/*.md")).held())).containsExactly("doc/B.md");
        assertThat(listed(LockFilter.all().touching(name("src")))).isEmpty();
        assertThat(listed(LockFilter.all().waiting())).containsExactly("src");
        assertThat(listed(LockFilter.all().developer("nobody"))).isEmpty();
        assertThat(coordinator.locks().get(0).waiters()).hasSize(1);
        waiting.cancel(true);
    }

    @Test
    void the_locks_of_a_task_are_listed_under_its_claimer_and_when_nobody_claims_it_as_parked() {
        Ticket ticket =
                new Ticket(7, 1, Owner.task("work", new TaskId("t-1")), 0, exclusive(tree("src")), Instant.EPOCH);
        AtomicReference<SessionId> claimer = new AtomicReference<>(alice.info().id());
        Coordinator observer = Engine.over(
                new MemoryBackend("engine", time) {
                    @Override
                    public synchronized List<SessionView> sessions() {
                        return space.sessions();
                    }

                    @Override
                    public synchronized List<Ticket> tickets() {
                        return List.of(ticket);
                    }

                    @Override
                    public synchronized Optional<SessionId> claimerOf(Owner task) {
                        return Optional.ofNullable(task.equals(ticket.owner()) ? claimer.get() : null);
                    }
                },
                time);

        LockInfo claimed = observer.locks().get(0);
        assertThat(claimed.owner()).isEqualTo(alice.info());
        assertThat(claimed.task()).isEqualTo("work/t-1");
        claimer.set(null);
        assertThat(observer.locks().get(0).owner()).isEqualTo(LockInfo.PARKED);
        observer.close();
    }

    @Test
    void nothing_is_left_of_many_threads_that_share_one_session() {
        List<CompletableFuture<Void>> threads = IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.runAsync(() -> nest(thread)))
                .toList();

        threads.forEach(CompletableFuture::join);

        assertThat(coordinator.locks()).isEmpty();
    }

    @Test
    void a_failed_task_comes_back_after_its_backoff() {
        TaskQueue queue = alice.queue("work");
        queue.enqueue(NewTask.of("flaky"));
        queue.tryClaim().orElseThrow().fail("no network", Retry.withBackoff());

        assertThat(queue.depth()).containsEntry(TaskState.SCHEDULED, 1);
        time.advance(Duration.ofSeconds(7));
        assertThat(queue.tryClaim()).isEmpty();
        time.advance(Duration.ofSeconds(6));
        assertThat(queue.tryClaim().orElseThrow().task().attempt()).isEqualTo(2);
    }

    private List<String> listed(LockFilter filter) {
        return coordinator.locks(filter).stream()
                .map(info -> info.request().items().keySet().iterator().next().text())
                .toList();
    }

    private void nest(int seed) {
        for (int i = 0; i < 500; i++) {
            try (Grant outer = hold(alice, "src/" + (i + seed) % 3);
                    Grant inner = alice.locks()
                            .tryAcquire(exclusive(file("src/" + i % 3), file("src/x")))
                            .orElseThrow()) {
                outer.check();
                inner.check();
            }
        }
    }

    private CompletableFuture<Grant> waiting(Wait wait) {
        CompletableFuture<Grant> grant = bob.locks().acquireAsync(exclusive(tree(".")), wait);
        await().until(() -> coordinator.locks().size() == 2);
        return grant;
    }
}
