package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.agentcoord.Claim;
import dev.agentcoord.FencingToken;
import dev.agentcoord.NewTask;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.StoreSession;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * How tasks are handed to sessions: once each, in order, again after a claimer's end, and dead after too many
 * attempts.
 */
public abstract class QueueContract extends Contract {
    /** For a backend's test class. */
    protected QueueContract() {}

    @Test
    void a_task_is_claimed_once_and_completed_once() {
        TaskQueue alice = join("alice").queue("work");
        TaskQueue bob = join("bob").queue("work");
        TaskId id = alice.enqueue(NewTask.of("build it")).id();

        Claim claim = claim(bob);
        assertThat(claim.task().payloadText()).isEqualTo("build it");
        assertThat(alice.tryClaim()).isEmpty();
        claim.complete("built");

        assertThatThrownBy(() -> claim.complete("again")).isInstanceOf(StaleClaimException.class);
        TaskInfo done = alice.find(id).orElseThrow();
        assertThat(done.state()).isEqualTo(TaskState.DONE);
        assertThat(done.outcome()).isEqualTo("built");
    }

    @Test
    void tasks_come_by_priority_then_in_the_order_enqueued() {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueue(NewTask.of("third").priority(9));
        queue.enqueue(NewTask.of("second").priority(3));
        queue.enqueue(NewTask.of("first").priority(0));
        queue.enqueue(NewTask.of("fourth").priority(9));

        assertThat(queue.list(TaskState.READY, 10))
                .extracting(TaskInfo::payloadText)
                .containsExactly("first", "second", "third", "fourth");
        assertThat(claim(queue).task().payloadText()).isEqualTo("first");
        assertThat(claim(queue).task().payloadText()).isEqualTo("second");
    }

    @Test
    void enqueueing_an_id_again_makes_no_second_task() {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueue(NewTask.of("one").id(new TaskId("t-1")));
        queue.enqueue(NewTask.of("two").id(new TaskId("t-1")));

        assertThat(queue.depth()).containsEntry(TaskState.READY, 1);
        assertThat(claim(queue).task().payloadText()).isEqualTo("one");
    }

    @Test
    void an_ended_task_is_not_made_again_under_its_id() {
        TaskQueue queue = join("alice").queue("work");
        NewTask task = NewTask.of("once").id(new TaskId("t-1"));
        queue.enqueue(task);
        claim(queue).complete("done");

        assertThat(queue.enqueue(task).state()).isEqualTo(TaskState.DONE);
        assertThat(queue.tryClaim()).isEmpty();
    }

    @Test
    void a_task_given_back_keeps_its_place_in_line() {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueue(NewTask.of("first"));
        queue.enqueue(NewTask.of("second"));

        claim(queue).release(Duration.ZERO);

        assertThat(claim(queue).task().payloadText()).isEqualTo("first");
    }

    @Test
    void a_failed_task_waits_about_ten_seconds_for_its_next_attempt() {
        TaskQueue queue = join("alice").queue("work");
        TaskId id = queue.enqueue(NewTask.of("flaky")).id();
        Instant before = Instant.now();

        claim(queue).fail("no network", Retry.withBackoff());

        TaskInfo waiting = queue.find(id).orElseThrow();
        assertThat(waiting.state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(waiting.outcome()).isEqualTo("no network");
        assertThat(Duration.between(before, waiting.due().orElseThrow()))
                .isBetween(Duration.ofSeconds(7), Duration.ofMinutes(2));
    }

    @Test
    void a_task_of_a_claimer_that_died_goes_to_another() {
        Session alice = join("alice");
        TaskQueue bob = join("bob").queue("work");
        bob.enqueue(NewTask.of("build it"));
        Claim lost = claim(alice.queue("work"));
        FencingToken before = lost.token();

        kill(alice);

        Claim again = claim(bob);
        assertThat(again.task().attempt()).isEqualTo(2);
        assertThat(again.token()).isGreaterThan(before);
        assertThatThrownBy(() -> lost.complete("late")).isInstanceOf(StaleClaimException.class);
        again.complete("built");
    }

    @Test
    void the_complete_of_a_session_that_lost_its_claim_has_no_effect() {
        StoreSession alice = joinStore("alice");
        TaskQueue bob = join("bob").queue("work");
        TaskId id = bob.enqueue(NewTask.of("build it")).id();
        Delivery stale = alice.tasks("work").claim().orElseThrow();
        alice.tasks("work").finish(stale, new Ending.Again(Duration.ZERO, "", false));
        Claim current = claim(bob);

        assertThatThrownBy(() -> alice.tasks("work").finish(stale, new Ending.Done("stale")))
                .isInstanceOf(StaleClaimException.class);

        assertThat(bob.find(id).orElseThrow().state()).isEqualTo(TaskState.CLAIMED);
        current.complete("current");
        assertThat(bob.find(id).orElseThrow().outcome()).isEqualTo("current");
    }

    @Test
    void a_task_whose_claimers_all_die_is_a_dead_letter() {
        TaskQueue watcher = join("watcher").queue("work");
        TaskId id = watcher.enqueue(NewTask.of("poison").maxAttempts(2)).id();
        for (int i = 0; i < 2; i++) {
            Session victim = join("victim");
            claim(victim.queue("work"));
            kill(victim);
        }

        assertThat(watcher.tryClaim()).isEmpty();
        assertThat(watcher.find(id).orElseThrow().state()).isEqualTo(TaskState.DEAD);
    }

    @Test
    void a_task_that_kills_five_claimers_is_a_dead_letter_with_five_causes() {
        TaskQueue watcher = join("watcher").queue("work");
        TaskId id = watcher.enqueue(NewTask.of("poison")).id();
        for (int i = 1; i <= 5; i++) {
            Session victim = join("victim-" + i);
            claim(victim.queue("work"));
            kill(victim);
        }

        assertThat(watcher.tryClaim()).isEmpty();
        assertThat(watcher.find(id).orElseThrow().state()).isEqualTo(TaskState.DEAD);
        assertThat(watcher.history(id))
                .hasSize(5)
                .allSatisfy(attempt -> assertThat(attempt.outcome()).isEqualTo(TaskAttempt.Outcome.DIED))
                .extracting(TaskAttempt::agent)
                .containsExactly("victim-1", "victim-2", "victim-3", "victim-4", "victim-5");
    }

    @Test
    void a_dead_letter_keeps_the_cause_of_each_attempt() {
        TaskQueue queue = join("alice").queue("work");
        TaskId id = queue.enqueue(NewTask.of("flaky").maxAttempts(3)).id();
        claim(queue).fail("no network", Retry.after(Duration.ZERO));
        claim(queue).release(Duration.ZERO);
        claim(queue).fail("no disk", Retry.never());

        assertThat(queue.history(id))
                .extracting(TaskAttempt::outcome, TaskAttempt::text, TaskAttempt::delivery)
                .containsExactly(
                        tuple(TaskAttempt.Outcome.FAILED, "no network", 1),
                        tuple(TaskAttempt.Outcome.RELEASED, "", 2),
                        tuple(TaskAttempt.Outcome.FAILED, "no disk", 3));
    }

    @Test
    void a_failed_task_comes_back_until_its_attempts_are_used_up() {
        TaskQueue queue = join("alice").queue("work");
        TaskId id = queue.enqueue(NewTask.of("flaky").maxAttempts(2)).id();

        claim(queue).fail("no network", Retry.after(Duration.ZERO));
        claim(queue).fail("still no network", Retry.after(Duration.ZERO));

        TaskInfo dead = queue.find(id).orElseThrow();
        assertThat(dead.state()).isEqualTo(TaskState.DEAD);
        assertThat(dead.outcome()).isEqualTo("still no network");
        assertThat(queue.tryClaim()).isEmpty();
    }

    @Test
    void a_task_given_back_has_used_no_attempt() {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueue(NewTask.of("build it").maxAttempts(1));

        claim(queue).release(Duration.ZERO);

        assertThat(claim(queue).task().attempt()).isEqualTo(1);
    }

    @Test
    void a_delayed_task_is_not_claimable_yet() {
        TaskQueue queue = join("alice").queue("work");
        queue.enqueue(NewTask.of("later").delay(Duration.ofHours(1)));

        assertThat(queue.tryClaim()).isEmpty();
        assertThat(queue.depth()).containsEntry(TaskState.SCHEDULED, 1);
    }

    @Test
    void a_waiting_claim_gets_the_next_task() throws Exception {
        Session alice = join("alice");
        CompletableFuture<Claim> waiting =
                inBackground(() -> alice.queue("work").claim(Wait.forever()));
        staysUndone(waiting);

        join("bob").queue("work").enqueue(NewTask.of("build it"));

        assertThat(soon(waiting).task().payloadText()).isEqualTo("build it");
    }

    @Test
    void a_new_task_wakes_those_who_wait() throws Exception {
        CountDownLatch woken = new CountDownLatch(1);
        joinStore("alice").tasks("work").onReady(woken::countDown);

        join("bob").queue("work").enqueue(NewTask.of("build it"));

        assertThat(opensSoon(woken)).isTrue();
    }

    @Test
    void one_new_task_wakes_one_of_those_who_wait() throws Exception {
        AtomicInteger woken = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            joinStore("consumer-" + i).tasks("work").onReady(woken::incrementAndGet);
        }

        join("bob").queue("work").enqueue(NewTask.of("build it"));

        eventually(() -> assertThat(woken).hasPositiveValue());
        staysUndone(new CompletableFuture<>());
        assertThat(woken).hasValue(1);
    }

    @Test
    void two_new_tasks_wake_two_of_those_who_wait() throws Exception {
        CountDownLatch woken = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            AtomicBoolean first = new AtomicBoolean(true);
            joinStore("consumer-" + i).tasks("work").onReady(() -> {
                if (first.getAndSet(false)) {
                    woken.countDown();
                }
            });
        }

        TaskQueue queue = join("bob").queue("work");
        queue.enqueue(NewTask.of("build it"));
        queue.enqueue(NewTask.of("test it"));

        assertThat(opensSoon(woken)).isTrue();
    }

    @Test
    void a_task_wakes_only_who_may_claim_it() throws Exception {
        AtomicInteger others = new AtomicInteger();
        CountDownLatch woken = new CountDownLatch(1);
        joinStore("alice").tasks("work").onReady(others::incrementAndGet);
        joinStore("carol").tasks("work").onReady(woken::countDown);
        joinStore("dave").tasks("work").onReady(others::incrementAndGet);

        join("bob").queue("work").enqueue(NewTask.of("for carol").target("carol"));

        assertThat(opensSoon(woken)).isTrue();
        assertThat(others).hasValue(0);
    }

    @Test
    void a_claim_waits_no_longer_than_it_may() {
        Session alice = join("alice");
        CompletableFuture<Claim> waiting =
                inBackground(() -> alice.queue("work").claim(Wait.upTo(Duration.ofMinutes(5))));
        eventually(() -> {
            time.advance(Duration.ofMinutes(5));
            assertThat(waiting).isDone();
        });

        assertThatThrownBy(() -> soon(waiting)).isInstanceOf(WaitTimeoutException.class);
    }
}
