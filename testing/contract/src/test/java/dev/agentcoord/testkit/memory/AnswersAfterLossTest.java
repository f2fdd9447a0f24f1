package dev.agentcoord.testkit.memory;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Claim;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.LossCause;
import dev.agentcoord.NewTask;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.StateEvent;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What a session answers and tells when it, or what it holds, was lost meanwhile, or nobody can say whether it was. */
final class AnswersAfterLossTest extends TwoInFragileSpace {
    @Test
    void a_process_that_slept_hears_of_its_loss_before_any_call_returns() {
        List<LossCause> heard = new CopyOnWriteArrayList<>();
        hold(alice, "a").onLost(heard::add);
        Grant kept = hold(alice, "b");
        space.stop(alice.info().id());
        bob.locks().steal(coordinator.locks().get(0).id(), "stuck");
        assertThat(heard).isEmpty();

        kept.check();

        assertThat(heard).containsExactly(LossCause.STOLEN);
        space.resume(alice.info().id());
        kept.check();
        assertThat(heard).hasSize(1);
    }

    @Test
    void a_try_that_is_refused_is_answered_after_the_news_of_a_loss() {
        AtomicBoolean heard = new AtomicBoolean();
        hold(alice, "a").onLost(cause -> heardLate(heard));
        space.stop(alice.info().id());
        bob.locks().steal(coordinator.locks().get(0).id(), "stuck");
        hold(bob, "a");

        assertThat(alice.locks().tryAcquire(exclusive(file("a")))).isEmpty();

        assertThat(heard).isTrue();
    }

    @Test
    void who_listens_for_a_loss_that_happened_has_heard_of_it_before_the_call_returns() {
        AtomicBoolean heard = new AtomicBoolean();
        Grant lost = hold(alice, "a");
        bob.locks().steal(coordinator.locks().get(0).id(), "stuck");

        lost.onLost(cause -> heardLate(heard));

        assertThat(heard).isTrue();
    }

    @Test
    void a_claimer_hears_of_its_locks_when_somebody_ends_the_task_while_it_does_itself() {
        List<LossCause> heard = new CopyOnWriteArrayList<>();
        alice.queue("work").enqueue(NewTask.of("rename"));
        Claim claim = alice.queue("work").tryClaim().orElseThrow();
        alice.locks()
                .tryAcquire(exclusive(file("a")).under(claim))
                .orElseThrow()
                .onLost(heard::add);
        space.beforeFinish.set(() -> {
            bob.queue("work").control().cancel(claim.task().id(), "not needed");
            alice.status();
        });

        assertThatThrownBy(() -> claim.complete("done")).isInstanceOf(StaleClaimException.class);

        alice.status();
        assertThat(heard).containsExactly(LossCause.CLAIM_ENDED);
    }

    @Test
    void a_request_whose_covering_grant_is_lost_while_it_waits_is_not_granted() {
        hold(alice, "a");
        Grant other = hold(bob, "b");
        CompletableFuture<Grant> waiting = alice.locks().acquireAsync(exclusive(file("a"), file("b")), Wait.forever());
        await().until(() -> coordinator.locks().size() == 3);
        bob.locks().steal(coordinator.locks().get(0).id(), "stuck");

        other.release();

        assertThatThrownBy(waiting::join).cause().isInstanceOf(GrantLostException.class);
        assertThat(coordinator.locks()).isEmpty();
    }

    @Test
    void a_claim_is_void_once_its_session_has_ended() {
        alice.queue("work").enqueue(NewTask.of("build it"));
        Claim claim = alice.queue("work").tryClaim().orElseThrow();

        alice.close();

        assertThatThrownBy(() -> claim.complete("late")).isInstanceOf(StaleClaimException.class);
        assertThat(bob.queue("work").tryClaim()).isPresent();
    }

    @Test
    void a_task_claimed_by_a_call_that_fails_is_given_back() {
        claimInVain();

        space.damaged.set("");
        assertThat(bob.queue("work").tryClaim().orElseThrow().task().attempt()).isEqualTo(1);
    }

    @Test
    void giving_back_what_a_failed_call_has_claimed_is_repeated_until_the_store_has_it() {
        space.beforeFinish.set(() -> {
            throw new StoreUnavailableException("work", "out of reach; try again", null);
        });

        claimInVain();

        space.damaged.set("");
        assertThat(bob.queue("work").tryClaim()).isEmpty();
        await().untilAsserted(() -> assertThat(bob.queue("work").tryClaim()).isPresent());
    }

    @Test
    void what_was_done_is_answered_so_though_the_session_ended_while_the_store_did_it() {
        space.afterCommit.set(() -> space.kill(alice.info().id()));

        long revision = alice.state().put("key", new byte[] {1});

        assertThat(bob.state().get("key").orElseThrow().revision()).isEqualTo(revision);
        assertThatThrownBy(() -> alice.state().put("key", new byte[] {2})).isInstanceOf(SessionLostException.class);
    }

    @Test
    void what_was_done_is_answered_so_though_nobody_can_tell_whether_a_lock_is_lost() {
        TaskQueue queue = alice.queue("work");
        hold(alice, "a");
        space.damaged.set("losses");

        TaskId enqueued = queue.enqueue(NewTask.of("build it")).id();

        space.damaged.set("");
        assertThat(bob.queue("work").tryClaim().orElseThrow().task().id()).isEqualTo(enqueued);
    }

    @Test
    void a_watch_that_a_failed_call_began_tells_nobody_anything() {
        List<StateEvent> heard = new CopyOnWriteArrayList<>();
        hold(alice, "a");
        space.damaged.set("losses");

        assertThatThrownBy(() -> alice.state().watch("", heard::add)).isInstanceOf(CorruptRecordException.class);

        space.damaged.set("");
        bob.state().put("key", new byte[] {1});
        await().during(Duration.ofMillis(300))
                .until(() -> heard.stream().noneMatch(event -> event instanceof StateEvent.Put));
    }

    private void claimInVain() {
        TaskQueue queue = alice.queue("work");
        queue.enqueue(NewTask.of("build it"));
        hold(alice, "a");
        space.damaged.set("losses");
        assertThatThrownBy(queue::tryClaim).isInstanceOf(CorruptRecordException.class);
    }

    /** A listener slow enough that whoever does not wait for it is seen not to. */
    private static void heardLate(AtomicBoolean heard) {
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        heard.set(true);
    }
}
