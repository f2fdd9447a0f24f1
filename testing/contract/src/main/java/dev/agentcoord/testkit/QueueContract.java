package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Claim;
import dev.agentcoord.FencingToken;
import dev.agentcoord.NewTask;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How tasks are handed to sessions (contract Q1 to Q4, as far as it exists). */
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

    private static Claim claim(TaskQueue queue) {
        return queue.tryClaim().orElseThrow(() -> new AssertionError("no task is ready in " + queue));
    }
}
