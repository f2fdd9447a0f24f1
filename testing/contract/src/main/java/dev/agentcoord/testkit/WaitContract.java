package dev.agentcoord.testkit;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.shared;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentcoord.DeadlockException;
import dev.agentcoord.Grant;
import dev.agentcoord.LockFilter;
import dev.agentcoord.LockInfo;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.Session;
import dev.agentcoord.TicketId;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.spi.StoreSession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * How waiting begins and ends: its place in line, its deadline, interrupts and cancels, and cycles of waiters, of whom
 * one is refused.
 */
public abstract class WaitContract extends Contract {
    /** For a backend's test class. */
    protected WaitContract() {}

    @Test
    void a_waiter_is_granted_when_the_holder_releases() throws Exception {
        Grant grant = hold(join("alice"), exclusive(file("a")));
        Session bob = join("bob");
        CompletableFuture<Grant> waiting =
                inBackground(() -> bob.locks().acquire(exclusive(file("a")), Wait.forever()));
        eventually(() -> assertThat(ticketsOf(bob)).hasSize(1));

        grant.release();

        soon(waiting).check();
    }

    @Test
    void a_release_wakes_those_it_lets_in() throws Exception {
        StoreSession alice = joinStore("alice");
        CountDownLatch woken = new CountDownLatch(2);
        var held = place(alice, exclusive(tree("src")));
        place(joinStore("bob"), shared(file("src/A.java")), woken::countDown);
        place(joinStore("carol"), shared(tree("src")), woken::countDown);

        alice.tickets().remove(held);

        assertThat(opensSoon(woken)).isTrue();
    }

    @Test
    void without_waiting_a_blocked_request_leaves_nothing_behind() {
        hold(join("alice"), exclusive(file("a")));
        Session bob = join("bob");

        assertThat(bob.locks().tryAcquire(exclusive(file("a")))).isEmpty();
        assertThatThrownBy(() -> bob.locks().acquire(exclusive(file("a")), Wait.none()))
                .isInstanceOf(WaitTimeoutException.class);
        assertThat(ticketsOf(bob)).isEmpty();
    }

    @Test
    void a_wait_ends_at_its_deadline_and_says_who_was_in_the_way() {
        hold(join("alice"), exclusive(file("a")).reason("rename field"));
        Session bob = join("bob");
        CompletableFuture<Grant> waiting = ask(bob, exclusive(file("a")), Wait.upTo(Duration.ofMinutes(5)));

        time.advance(Duration.ofMinutes(5));

        WaitTimeoutException timeout = catchThrowableOfType(WaitTimeoutException.class, () -> soon(waiting));
        assertThat(timeout).hasMessageContainingAll("alice", "rename field");
        assertThat(timeout.blockers()).extracting(info -> info.owner().agent()).containsExactly("alice");
        assertThat(ticketsOf(bob)).isEmpty();
    }

    @Test
    void a_waiter_sees_its_place_in_line_and_who_is_in_its_way() {
        Session alice = join("alice");
        Session bob = join("bob");
        Session carol = join("carol");
        hold(alice, exclusive(file("a")).reason("rename field"));
        queueUp(bob, exclusive(file("a")));
        queueUp(carol, exclusive(tree(".")));

        LockInfo waiting = observer()
                .locks(LockFilter.all().session(carol.info().id()).waiting())
                .get(0);
        assertThat(waiting.blockers()).hasSize(2);
        List<LockInfo> inTheWay = carol.locks().explain(waiting.id());
        assertThat(inTheWay).extracting(info -> info.owner().agent()).containsExactly("alice", "bob");
        assertThat(inTheWay.get(0).request().reason()).isEqualTo("rename field");
        assertThat(inTheWay.get(0).since()).isNotNull();
        assertThat(inTheWay.get(0).waiters()).containsExactly(inTheWay.get(1).id(), waiting.id());
        assertThatThrownBy(() -> carol.locks().explain(new TicketId(Long.MAX_VALUE)))
                .isInstanceOf(NotHeldException.class);
    }

    @Test
    void a_wait_that_has_timed_out_is_in_nobodys_way() throws Exception {
        Grant grant = hold(join("alice"), exclusive(file("a")));
        CompletableFuture<Grant> expiring = ask(join("bob"), exclusive(file("a")), Wait.upTo(Duration.ofMinutes(5)));
        CompletableFuture<Grant> behind = ask(join("carol"), exclusive(file("a")));
        time.advance(Duration.ofMinutes(5));
        assertThatThrownBy(() -> soon(expiring)).isInstanceOf(WaitTimeoutException.class);

        grant.release();

        soon(behind).check();
    }

    @Test
    void an_interrupted_wait_leaves_nothing_behind() throws Exception {
        hold(join("alice"), exclusive(file("a")));
        Session bob = join("bob");
        CompletableFuture<Thread> started = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = inBackground(() -> {
            started.complete(Thread.currentThread());
            try {
                bob.locks().acquire(exclusive(file("a")), Wait.forever());
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        });
        eventually(() -> assertThat(ticketsOf(bob)).hasSize(1));

        soon(started).interrupt();

        assertThat(soon(interrupted)).isTrue();
        assertThat(ticketsOf(bob)).isEmpty();
    }

    @Test
    void a_cancelled_wait_leaves_nothing_behind() {
        hold(join("alice"), exclusive(file("a")));
        Session bob = join("bob");
        CompletableFuture<Grant> waiting = ask(bob, exclusive(file("a")));
        staysUndone(waiting);

        waiting.cancel(true);

        assertThat(ticketsOf(bob)).isEmpty();
    }

    @Test
    void a_cycle_of_two_has_the_youngest_as_its_one_victim() throws Exception {
        Session alice = join("alice");
        Session bob = join("bob");
        hold(alice, exclusive(file("a")));
        Grant second = hold(bob, exclusive(file("b")));
        CompletableFuture<Grant> older = ask(alice, exclusive(file("b")));
        CompletableFuture<Grant> younger = ask(bob, exclusive(tree(".")));

        time.advance(Duration.ofSeconds(1));

        DeadlockException deadlock = catchThrowableOfType(DeadlockException.class, () -> soon(younger));
        assertThat(deadlock).hasMessageContainingAll("alice", "bob");
        assertThat(deadlock.cycle()).extracting(info -> info.owner().agent()).containsExactly("bob", "alice");
        assertThat(older).isNotDone();
        second.release();
        soon(older).check();
    }

    @Test
    void a_cycle_of_seven_has_one_victim() throws Exception {
        List<Session> ring =
                Stream.of("a", "b", "c", "d", "e", "f", "g").map(this::join).toList();
        List<Grant> held = ring.stream()
                .map(session -> hold(session, exclusive(file(session.info().agent()))))
                .toList();
        List<CompletableFuture<Grant>> waiting = Stream.iterate(0, i -> i < 7, i -> i + 1)
                .map(i -> ask(
                        ring.get(i), exclusive(file(ring.get((i + 1) % 7).info().agent()))))
                .toList();

        time.advance(Duration.ofSeconds(1));

        DeadlockException deadlock = catchThrowableOfType(DeadlockException.class, () -> soon(waiting.get(6)));
        assertThat(deadlock.cycle()).hasSize(7);
        held.get(6).release();
        soon(waiting.get(5)).check();
        assertThat(waiting.subList(0, 5)).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void a_request_that_was_withdrawn_is_part_of_no_cycle() {
        Session alice = join("alice");
        Session bob = join("bob");
        hold(alice, exclusive(file("a")));
        ask(bob, exclusive(file("a"))).cancel(true);
        hold(bob, exclusive(file("b")));
        CompletableFuture<Grant> waiting = ask(alice, exclusive(file("b")));

        time.advance(Duration.ofSeconds(1));

        staysUndone(waiting);
    }

    @Test
    void waiters_that_died_cost_those_behind_them_nothing() throws Exception {
        Grant grant = hold(join("alice"), exclusive(file("a")));
        List<Session> doomed = Stream.of("x", "y", "z").map(this::join).toList();
        doomed.forEach(session -> queueUp(session, exclusive(file("a"))));
        CompletableFuture<Grant> behind = ask(join("bob"), exclusive(file("a")));

        doomed.forEach(this::kill);
        grant.release();

        soon(behind).check();
    }
}
