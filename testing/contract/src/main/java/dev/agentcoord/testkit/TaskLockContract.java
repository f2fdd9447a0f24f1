package dev.agentcoord.testkit;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.permits;
import static dev.agentcoord.LockRequest.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Claim;
import dev.agentcoord.DeadlockException;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LossCause;
import dev.agentcoord.NewTask;
import dev.agentcoord.Recipient;
import dev.agentcoord.Session;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.TicketId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** The locks of a task beside those of the session that claims it, on every backend. */
public abstract class TaskLockContract extends Contract {
    private static final int RACES = 30;

    /** For a backend's test class. */
    protected TaskLockContract() {}

    @Test
    void a_lock_under_a_claim_is_the_tasks_and_listed_with_its_claimer() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant grant = hold(alice, exclusive(file("a")).under(claim));

        LockInfo listed = locks().get(0);
        assertThat(listed.task()).isEqualTo("work/" + claim.task().id());
        assertThat(listed.owner()).isEqualTo(alice.info());
        assertThat(listed.token()).isEqualTo(grant.token());
        assertThat(grant.token().generation()).isEqualTo(claim.token().generation());
        assertThatCode(grant::verify).doesNotThrowAnyException();

        claim.handoff(Recipient.anyone(), "your turn");
        assertThat(locks()).extracting(LockInfo::owner).containsExactly(LockInfo.PARKED);
    }

    @Test
    void a_grant_that_went_with_its_claim_is_closed_without_complaint() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant grant = hold(alice, exclusive(file("a")).under(claim));
        claim.complete("renamed");

        assertThatCode(grant::close).doesNotThrowAnyException();
    }

    @Test
    void a_grant_of_the_session_can_be_bound_to_the_task() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant own = held(alice, exclusive(file("a")));
        FencingToken before = own.token();

        claim.bind(own);

        assertThat(own.token().position()).isEqualTo(before.position());
        assertThat(own.token()).isGreaterThan(before);
        assertThatCode(own::verify).doesNotThrowAnyException();
        assertThat(locks())
                .extracting(LockInfo::task)
                .containsExactly("work/" + claim.task().id());
        assertThat(hold(alice, exclusive(file("a")).under(claim)).token()).isEqualTo(own.token());
        own.release();
        claim.complete("");
        assertThat(locks()).isEmpty();
    }

    @Test
    void nobody_waits_for_what_its_own_task_or_session_holds() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        hold(alice, exclusive(file("a")).under(claim));
        hold(alice, exclusive(file("b")));

        assertThatThrownBy(() -> soon(ask(alice, exclusive(file("a")))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("ask under that claim");
        assertThatThrownBy(() -> soon(ask(alice, exclusive(tree(".")).under(claim))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("bind");
        assertThat(locks()).hasSize(2);
    }

    @Test
    void a_task_and_its_claimer_are_one_in_a_deadlock() throws Exception {
        Session alice = join("alice");
        Session bob = join("bob");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        hold(alice, exclusive(file("a")).under(claim));
        hold(bob, exclusive(file("b")));
        CompletableFuture<Grant> bobs = ask(bob, exclusive(file("a")));
        CompletableFuture<Grant> alices = ask(alice, exclusive(file("b")));
        eventually(() -> {
            time.advance(Duration.ofSeconds(1));
            assertThat(alices).isDone();
        });

        assertThatThrownBy(() -> soon(alices))
                .isInstanceOf(DeadlockException.class)
                .hasMessageContaining("for task work/");
        assertThat(bobs).isNotDone();
    }

    @Test
    void locks_of_a_claimed_task_are_never_given_up() {
        Claim claim = claimWithLock(join("alice"), NewTask.of("rename").parkTimeout(Duration.ZERO));
        CompletableFuture<Grant> third = ask(join("carol"), exclusive(file("a")));

        staysUndone(third);
        assertThatCode(claim.grants().get(0)::verify).doesNotThrowAnyException();
        assertThat(observer().thefts(10)).isEmpty();
    }

    @Test
    void a_cancelled_task_has_no_locks_and_its_claimer_hears_of_it() throws Exception {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant grant = hold(alice, exclusive(file("a")).under(claim));
        CompletableFuture<LossCause> heard = new CompletableFuture<>();
        grant.onLost(heard::complete);
        CompletableFuture<Grant> third = ask(join("carol"), exclusive(file("a")));

        assertThat(join("boss").queue("work").control().cancel(claim.task().id(), "not needed"))
                .isTrue();

        assertThatThrownBy(grant::check)
                .as("before anybody else may be granted")
                .isInstanceOf(GrantLostException.class);
        soon(third).release();
        assertThat(soon(heard)).isEqualTo(LossCause.CLAIM_ENDED);
        assertThatThrownBy(() -> hold(alice, exclusive(file("b")).under(claim)))
                .isInstanceOf(StaleClaimException.class);
        assertThat(locks()).isEmpty();
    }

    @Test
    void a_lock_of_a_task_goes_with_the_task_and_is_neither_stolen_nor_asked_for_by_its_ticket() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant grant = hold(alice, exclusive(file("a")).under(claim));
        Session bob = join("bob");
        TicketId ticket = locks().get(0).id();

        assertThatThrownBy(() -> bob.locks().steal(ticket, "needed"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("task cancel");
        assertThatThrownBy(() -> bob.locks().requestRelease(ticket, "needed"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("task cancel");

        grant.check();
        claim.complete("");
        assertThat(bob.locks().tryAcquire(exclusive(file("a")))).isPresent();
    }

    @Test
    void a_lock_of_a_task_can_be_released_alone() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant one = hold(alice, exclusive(file("a")).under(claim));
        Grant other = hold(alice, exclusive(file("b")).under(claim));

        one.release();

        assertThat(claim.grants()).containsExactly(other);
        hold(join("carol"), exclusive(file("a"))).release();
        claim.complete("");
    }

    @Test
    void a_claim_of_another_session_lends_nothing() {
        Claim claim = claimNew(join("alice"), NewTask.of("rename"));

        assertThatThrownBy(() -> hold(join("bob"), exclusive(file("a")).under(claim)))
                .isInstanceOf(StaleClaimException.class);
        assertThat(locks()).isEmpty();
    }

    @Test
    void what_overlaps_with_a_lock_that_the_session_keeps_is_not_bound_alone() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant earlier = held(alice, exclusive(file("src/a")));
        Grant later = held(alice, exclusive(tree("src")));
        List<LockInfo> before = locks();

        for (Grant alone : List.of(earlier, later)) {
            assertThatThrownBy(() -> claim.bind(alone))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("bind both");
            assertThatThrownBy(() -> claim.handoff(Recipient.anyone(), "", List.of(alone)))
                    .isInstanceOf(InvalidRequestException.class);
        }

        assertThat(locks()).as("nothing was changed").isEqualTo(before);
        later.release();
        claim.handoff(Recipient.anyone(), "", List.of(earlier));
        assertThat(claim(join("bob")).grants())
                .singleElement()
                .satisfies(grant -> assertThatCode(grant::verify).doesNotThrowAnyException());
    }

    @Test
    void grants_that_overlap_are_bound_together() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant earlier = held(alice, exclusive(file("src/a")));
        Grant later = held(alice, exclusive(tree("src")));

        claim.bind(List.of(earlier, later));

        assertThat(locks())
                .hasSize(2)
                .allSatisfy(lock ->
                        assertThat(lock.task()).isEqualTo("work/" + claim.task().id()));
        assertThatCode(earlier::verify).doesNotThrowAnyException();
        assertThatCode(later::verify).doesNotThrowAnyException();
        claim.handoff(Recipient.anyone(), "");
        assertThat(claim(join("bob")).grants())
                .hasSize(2)
                .allSatisfy(grant -> assertThatCode(grant::verify).doesNotThrowAnyException());
    }

    @Test
    void what_overlaps_with_what_the_session_waits_for_is_not_bound_until_it_waits_no_more() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant own = held(alice, exclusive(file("src/a")));
        hold(join("bob"), exclusive(file("src/b")));
        CompletableFuture<Grant> waiting = ask(alice, exclusive(tree("src")));

        assertThatThrownBy(() -> claim.bind(own))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("asks for");
        staysUndone(waiting);

        waiting.cancel(false);
        claim.bind(own);
        assertThatCode(own::verify).doesNotThrowAnyException();
    }

    @Test
    void what_conflicts_with_nothing_that_the_session_keeps_is_bound_alone() {
        Session alice = join("alice");
        Claim claim = claimNew(alice, NewTask.of("rename"));
        Grant first = held(alice, shared(file("src/a")).andPermits(pool("build", 3), 1));
        Grant second = held(alice, shared(tree("src")).andPermits(pool("build", 3), 1));
        Grant third = held(alice, exclusive(file("docs/a")));
        Grant fourth = held(alice, permits(pool("build", 3), 1));

        claim.bind(second);
        claim.bind(third);

        for (Grant grant : List.of(first, second, third, fourth)) {
            assertThatCode(grant::verify).doesNotThrowAnyException();
        }
        assertThat(claim.grants()).containsExactly(second, third);
    }

    @Test
    void of_a_bind_and_a_request_that_overlap_in_one_moment_one_is_refused() throws Exception {
        Session alice = join("alice");
        for (int i = 0; i < RACES; i++) {
            Claim claim = claimNew(alice, NewTask.of("rename-" + i));
            Grant own = held(alice, exclusive(file("src/a")));
            CyclicBarrier start = new CyclicBarrier(2);
            CompletableFuture<Boolean> bind = inBackground(() -> {
                start.await();
                return isBound(claim, own);
            });
            CompletableFuture<Optional<Grant>> request = inBackground(() -> {
                start.await();
                return holdIfAllowed(alice);
            });

            boolean bound = soon(bind);
            Optional<Grant> other = soon(request);

            assertThat(bound && other.isPresent())
                    .as("round %d: the task has src/a, its session src/", i)
                    .isFalse();
            other.ifPresent(Grant::release);
            own.release();
            claim.complete("");
        }
    }

    private static boolean isBound(Claim claim, Grant grant) {
        try {
            claim.bind(grant);
            return true;
        } catch (InvalidRequestException e) {
            return false;
        }
    }

    private static Optional<Grant> holdIfAllowed(Session session) {
        try {
            return Optional.of(held(session, exclusive(tree("src"))));
        } catch (InvalidRequestException e) {
            return Optional.empty();
        }
    }
}
