package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.FenceGuard;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Session;
import dev.agentcoord.StaleTokenException;
import org.junit.jupiter.api.Test;

/** What refuses a stale token: a guard that remembers the newest one it has seen of each resource, and guarded writes. */
public abstract class FenceContract extends Contract {
    /** For a backend's test class. */
    protected FenceContract() {}

    @Test
    void a_guard_refuses_a_token_lower_than_one_it_has_seen() {
        FenceGuard guard = new FenceGuard(join("alice").state());
        FenceGuard other = new FenceGuard(join("bob").state());
        FencingToken first = new FencingToken(7, 10, 0);
        FencingToken second = new FencingToken(7, 10, 1);

        guard.admit("db", first);
        other.admit("db", first);
        other.admit("db", second);

        assertThatThrownBy(() -> guard.admit("db", first))
                .isInstanceOfSatisfying(
                        StaleTokenException.class, e -> assertThat(e.highest()).isEqualTo(second));
        guard.admit("db", second);
        guard.admit("another", first);
        guard.admit("db", new FencingToken(7, 11, 0));
    }

    @Test
    void a_guard_refuses_a_token_of_another_store_until_it_is_reset() {
        FenceGuard guard = new FenceGuard(join("alice").state());
        guard.admit("db", new FencingToken(7, 10, 0));

        assertThatThrownBy(() -> guard.admit("db", new FencingToken(8, 1, 0)))
                .isInstanceOf(StaleTokenException.class)
                .hasMessageContaining("reset");
        assertThatThrownBy(() -> guard.admit("db", new FencingToken(6, 99, 0))).isInstanceOf(StaleTokenException.class);
        guard.reset("db");
        guard.admit("db", new FencingToken(8, 1, 0));
    }

    @Test
    void grants_of_one_file_pass_a_guard_in_the_order_granted() {
        Session alice = join("alice");
        Session bob = join("bob");
        FenceGuard guard = new FenceGuard(alice.state());
        Grant first = hold(alice, LockRequest.exclusive(Item.file("a.txt")));
        guard.admit("a.txt", first.token());
        FencingToken stale = first.token();
        first.release();
        Grant second = hold(bob, LockRequest.exclusive(Item.file("a.txt")));

        guard.admit("a.txt", second.token());

        assertThatThrownBy(() -> guard.admit("a.txt", stale)).isInstanceOf(StaleTokenException.class);
    }
}
