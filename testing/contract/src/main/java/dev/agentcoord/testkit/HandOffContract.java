package dev.agentcoord.testkit;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Claim;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.Intervention;
import dev.agentcoord.Item;
import dev.agentcoord.LockInfo;
import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.Recipient;
import dev.agentcoord.Retry;
import dev.agentcoord.Session;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.Wait;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a task and its locks go from hand to hand as one thing, on every backend. */
public abstract class HandOffContract extends Contract {
    private static final Duration MOMENT = Duration.ofMillis(50);

    /** For a backend's test class. */
    protected HandOffContract() {}

    @Test
    void whoever_claims_a_task_that_was_handed_off_has_its_locks() {
        Session alice = join("alice");
        Session bob = join("bob");
        Claim before = claimNew(alice, NewTask.of("rename"));
        Grant given = hold(alice, exclusive(file("a"), tree("b")).under(before));
        before.handoff(Recipient.anyone(), "half done");

        Claim after = claim(bob);

        assertThat(after.task().outcome()).isEqualTo("half done");
        assertThat(after.task().attempt()).isEqualTo(1);
        Grant taken = after.grants().get(0);
        assertThat(taken.request().items()).isEqualTo(given.request().items());
        assertThat(taken.token().position()).isEqualTo(given.token().position());
        assertThat(taken.token()).isGreaterThan(given.token());
        assertThatCode(taken::verify).doesNotThrowAnyException();
        assertThat(hold(bob, exclusive(file("a")).under(after)).token()).isEqualTo(taken.token());
    }

    @Test
    void a_grant_is_void_once_its_task_was_handed_off() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant given = hold(alice, exclusive(file("a")).under(claim));
        claim.handoff(Recipient.anyone(), "your turn");

        assertThatThrownBy(given::check).isInstanceOf(GrantLostException.class).hasMessageContaining("CLAIM_ENDED");
        Claim after = claim(join("bob"));
        assertThatThrownBy(given::release).isInstanceOf(GrantLostException.class);
        assertThatThrownBy(given::check).isInstanceOf(GrantLostException.class);
        assertThatThrownBy(() -> hold(alice, exclusive(file("b")).under(claim)))
                .isInstanceOf(StaleClaimException.class);
        assertThatCode(after.grants().get(0)::verify).doesNotThrowAnyException();
    }

    @Test
    void nobody_gets_in_between_a_hand_off_and_the_next_claim() throws Exception {
        Session alice = join("alice");
        Claim before = claimNew(alice, NewTask.of("rename"));
        hold(alice, exclusive(file("a")).under(before));
        CompletableFuture<Grant> third = ask(join("carol"), exclusive(file("a")));

        before.handoff(Recipient.anyone(), "your turn");
        staysUndone(third);
        Claim after = claim(join("bob"));
        staysUndone(third);
        after.complete("renamed");

        assertThatCode(soon(third)::verify).doesNotThrowAnyException();
    }

    @Test
    void a_claimer_that_dies_leaves_the_locks_with_the_task() throws Exception {
        Session alice = join("alice");
        Claim before = claimNew(alice, NewTask.of("rename"));
        FencingToken token = hold(alice, exclusive(file("a")).under(before)).token();
        CompletableFuture<Grant> third = ask(join("carol"), exclusive(file("a")));

        kill(alice);
        staysUndone(third);
        Claim after = claim(join("bob"));

        assertThat(after.grants()).singleElement().satisfies(grant -> {
            assertThat(grant.token()).isGreaterThan(token);
            assertThatCode(grant::verify).doesNotThrowAnyException();
        });
        after.complete("renamed");
        soon(third).release();
    }

    @Test
    void a_task_given_back_keeps_its_locks_and_the_token_grows_with_each_claim() {
        Session alice = join("alice");
        Claim first = claimNew(alice, NewTask.of("rename").maxAttempts(1));
        FencingToken last = hold(alice, exclusive(file("a")).under(first)).token();
        first.release(Duration.ZERO);

        for (int i = 0; i < 3; i++) {
            Claim next = claim(alice);
            FencingToken token = next.grants().get(0).token();
            assertThat(token).isGreaterThan(last);
            assertThat(next.task().attempt()).isEqualTo(1);
            last = token;
            next.handoff(Recipient.anyone(), "");
        }
    }

    @Test
    void the_end_of_a_task_releases_its_locks() {
        Session alice = join("alice");
        claimWithLock(alice, NewTask.of("done")).complete("");
        assertThat(locks()).isEmpty();
        claimWithLock(alice, NewTask.of("dead")).fail("impossible", Retry.never());
        assertThat(locks()).isEmpty();

        Claim failed = claimWithLock(alice, NewTask.of("failed"));
        failed.fail("no network", Retry.after(Duration.ZERO));
        assertThat(locks()).hasSize(1);
        claim(alice).complete("");
        assertThat(locks()).isEmpty();
    }

    @Test
    void the_locks_of_a_task_that_dies_with_its_last_claimer_are_free() throws Exception {
        Session alice = join("alice");
        claimWithLock(alice, NewTask.of("poison").maxAttempts(1));
        CompletableFuture<Grant> third = ask(join("carol"), exclusive(file("a")));

        kill(alice);

        assertThat(join("bob").queue("work").tryClaim()).isEmpty();
        soon(third).release();
        assertThat(locks()).isEmpty();
    }

    @Test
    void grants_handed_along_are_the_receivers() {
        Session alice = join("alice");
        Claim before = claimNew(alice, NewTask.of("rename"));
        Grant one = held(alice, exclusive(file("a")));
        Grant other = held(alice, exclusive(manyFiles()));

        before.handoff(Recipient.anyone(), "with all I have", List.of(one, other));

        assertThatThrownBy(one::check).isInstanceOf(GrantLostException.class);
        assertThat(join("carol").locks().tryAcquire(exclusive(file("a")))).isEmpty();
        Claim after = claim(join("bob"));
        assertThat(after.grants())
                .hasSize(2)
                .allSatisfy(grant -> assertThatCode(grant::verify).doesNotThrowAnyException());
    }

    @Test
    void what_was_only_waited_for_does_not_come_along() throws Exception {
        Session alice = join("alice");
        Session carol = join("carol");
        Grant inTheWay = hold(carol, exclusive(file("a")));
        Claim before = claimNew(alice, NewTask.of("rename"));
        CompletableFuture<Grant> waiting = ask(alice, exclusive(file("a")).under(before));

        before.handoff(Recipient.anyone(), "still waiting for a");

        assertThatThrownBy(() -> soon(waiting)).isInstanceOf(StaleClaimException.class);
        Claim after = claim(join("bob"));
        inTheWay.release();
        assertThat(after.grants()).isEmpty();
        assertThat(locks()).isEmpty();
    }

    @Test
    void what_a_dead_claimer_only_waited_for_holds_up_nobody() throws Exception {
        Session alice = join("alice");
        Session carol = join("carol");
        Grant inTheWay = hold(carol, exclusive(file("a")));
        Claim before = claimNew(alice, NewTask.of("rename"));
        CompletableFuture<Grant> waiting = ask(alice, exclusive(file("a")).under(before));
        assertThat(waiting).isNotDone();

        kill(alice);
        Claim after = claim(join("bob"));
        inTheWay.release();

        assertThat(after.grants()).isEmpty();
        assertThat(locks()).isEmpty();
    }

    @Test
    void locks_parked_for_too_long_are_given_up_by_whom_they_block() throws Exception {
        Session alice = join("alice");
        Claim claim = claimWithLock(alice, NewTask.of("rename").parkTimeout(MOMENT));
        claim.handoff(Recipient.anyone(), "nobody comes");

        CompletableFuture<Grant> third =
                inBackground(() -> join("carol").locks().acquire(exclusive(file("a")), Wait.forever()));

        assertThatCode(soon(third)::verify).doesNotThrowAnyException();
        assertThat(observer().thefts(10)).singleElement().satisfies(given -> {
            assertThat(given.kind()).isEqualTo(Intervention.Kind.GIVEN_UP);
            assertThat(given.agent()).isEqualTo("carol");
            assertThat(given.holder()).isEqualTo(LockInfo.PARKED.agent());
        });
        assertThat(claim(join("bob")).grants()).isEmpty();
    }

    @Test
    void a_task_that_waits_for_its_receiver_keeps_its_locks() {
        claimWithLock(join("alice"), NewTask.of("rename")).handoff(Recipient.anyone(), "your turn");
        CompletableFuture<Grant> third = ask(join("carol"), exclusive(file("a")));

        staysUndone(third);
        assertThat(claim(join("bob")).grants()).hasSize(1);
    }

    @Test
    void a_task_is_handed_to_whom_it_names() {
        Session alice = join("alice");
        Session bob = join("bob");
        claimWithLock(alice, NewTask.of("rename")).handoff(Recipient.agent("bob"), "yours");

        assertThat(alice.queue("work").tryClaim()).isEmpty();
        Claim bobs = claim(bob);
        assertThat(bobs.grants()).hasSize(1);
        bobs.handoff(Recipient.anyone("cobol"), "I cannot do that");
        assertThat(alice.queue("work").tryClaim()).isEmpty();
        Session expert = process().join(Participant.named("carol").capabilities(Set.of("cobol", "java")));
        assertThat(claim(expert).grants()).hasSize(1);
    }

    @Test
    void what_was_handed_to_one_stays_his_when_he_dies() {
        Session alice = join("alice");
        Session bob = join("bob");
        claimWithLock(alice, NewTask.of("rename")).handoff(Recipient.agent("bob"), "yours");
        claim(bob);
        kill(bob);

        assertThat(alice.queue("work").tryClaim()).isEmpty();
        assertThat(claim(join("bob")).grants()).hasSize(1);
    }

    @Test
    void whom_a_task_is_for_can_be_seen_before_and_after_it_is_handed_on() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename").target("alice"));
        TaskId id = claim.task().id();
        assertThat(claim.task().recipient()).isEqualTo(Recipient.agent("alice"));

        claim.handoff(Recipient.agent("bob"), "your turn");

        TaskQueue queue = alice.queue("work");
        assertThat(queue.find(id).orElseThrow().recipient()).isEqualTo(Recipient.agent("bob"));
        assertThat(queue.list(TaskState.READY, 10))
                .singleElement()
                .satisfies(task -> assertThat(task.recipient()).isEqualTo(Recipient.agent("bob")));
        Claim next = join("bob").queue("work").tryClaim().orElseThrow();
        next.handoff(Recipient.anyone("java"), "not for me");
        assertThat(queue.find(id).orElseThrow().recipient()).isEqualTo(Recipient.anyone("java"));
    }

    private static Item[] manyFiles() {
        Item[] files = new Item[4];
        for (int i = 0; i < files.length; i++) {
            files[i] = file("many/a-rather-long-name-of-" + i);
        }
        return files;
    }
}
