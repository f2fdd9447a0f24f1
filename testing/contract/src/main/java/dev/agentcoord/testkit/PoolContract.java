package dev.agentcoord.testkit;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.permits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Grant;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.Session;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Counted permits, alone and together with paths: as many holders as the capacity allows, first come first served, and
 * no more.
 */
public abstract class PoolContract extends Contract {
    /** For a backend's test class. */
    protected PoolContract() {}

    @Test
    void permits_of_a_pool_are_counted() {
        hold(join("alice"), permits(pool("build", 3), 2));
        Session bob = join("bob");

        assertThat(bob.locks().tryAcquire(permits(pool("build", 3), 2))).isEmpty();
        hold(bob, permits(pool("build", 3), 1));
        assertThat(join("carol").locks().tryAcquire(permits(pool("build", 3), 1)))
                .isEmpty();
    }

    @Test
    void a_pool_has_the_capacity_its_earliest_ticket_states() {
        hold(join("alice"), permits(pool("build", 3), 1));
        Session bob = join("bob");

        assertThatThrownBy(() -> bob.locks().tryAcquire(permits(pool("build", 4), 1)))
                .isInstanceOf(PoolMismatchException.class);
    }

    @Test
    void a_pool_that_nobody_uses_may_have_another_capacity() {
        hold(join("alice"), permits(pool("build", 3), 3)).release();

        hold(join("bob"), permits(pool("build", 4), 4));
    }

    @Test
    void a_session_has_each_of_its_permits_once() {
        Session alice = join("alice");
        hold(alice, permits(pool("build", 2), 1));
        Grant second = hold(alice, permits(pool("build", 2), 1));
        assertThat(alice.locks().tryAcquire(permits(pool("build", 2), 1))).isEmpty();

        second.release();
        hold(join("bob"), permits(pool("build", 2), 1));
    }

    @Test
    void who_wants_few_permits_does_not_overtake_who_waits_for_many() throws Exception {
        Grant two = hold(join("alice"), permits(pool("build", 3), 2));
        CompletableFuture<Grant> many = ask(join("bob"), permits(pool("build", 3), 2));
        CompletableFuture<Grant> few = ask(join("carol"), permits(pool("build", 3), 1));
        staysUndone(few);

        two.release();

        soon(many);
        soon(few);
    }

    @Test
    void permits_and_paths_are_had_together_or_not_at_all() {
        hold(join("alice"), exclusive(file("a")));
        Session bob = join("bob");
        assertThat(bob.locks().tryAcquire(exclusive(file("a")).andPermits(pool("build", 1), 1)))
                .isEmpty();

        Grant permit = hold(join("carol"), permits(pool("build", 1), 1));

        assertThat(bob.locks().tryAcquire(exclusive(file("b")).andPermits(pool("build", 1), 1)))
                .isEmpty();
        hold(join("dave"), exclusive(file("b"))).release();
        permit.release();
        hold(bob, exclusive(file("b")).andPermits(pool("build", 1), 1));
    }
}
