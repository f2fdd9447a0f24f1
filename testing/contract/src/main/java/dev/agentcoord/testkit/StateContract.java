package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Condition;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.core.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * How keys of the shared state are read and written: revisions, compare-and-set, values that end with a session,
 * limits.
 */
public abstract class StateContract extends Contract {
    /** For a backend's test class. */
    protected StateContract() {}

    @Test
    void what_one_writes_all_read() {
        SharedState alice = join("alice").state();
        SharedState bob = join("bob").state();

        long revision = alice.put("plan/step", bytes("one"));

        Versioned read = bob.get("plan/step").orElseThrow();
        assertThat(read.text()).isEqualTo("one");
        assertThat(read.revision()).isEqualTo(revision).isPositive();
        assertThat(bob.get("plan/other")).isEmpty();
    }

    @Test
    void putting_if_absent_never_overwrites() {
        SharedState state = join("alice").state();

        assertThat(state.putIfAbsent("a", bytes("one"))).isPresent();
        assertThat(state.putIfAbsent("a", bytes("two"))).isEmpty();
        assertThat(state.get("a").orElseThrow().text()).isEqualTo("one");
    }

    @Test
    void a_compare_and_set_writes_over_the_revision_it_names_only() {
        SharedState state = join("alice").state();
        long first = state.put("a", bytes("one"));
        long second = state.compareAndSet("a", first, bytes("two")).orElseThrow();

        assertThat(second).isGreaterThan(first);
        assertThat(state.compareAndSet("a", first, bytes("three"))).isEmpty();
        assertThat(state.get("a").orElseThrow().text()).isEqualTo("two");
    }

    @Test
    void a_delete_takes_the_revision_it_names_only() {
        SharedState state = join("alice").state();
        long first = state.put("a", bytes("one"));
        long second = state.put("a", bytes("two"));

        assertThat(state.delete("a", first)).isFalse();
        assertThat(state.delete("a", second)).isTrue();
        assertThat(state.get("a")).isEmpty();
        assertThat(state.delete("a", second)).isFalse();
    }

    @Test
    void no_revision_of_a_key_comes_twice_even_when_it_was_deleted() {
        SharedState state = join("alice").state();
        long before = state.put("a", bytes("one"));
        state.delete("a", before);

        long after = state.put("a", bytes("two"));

        assertThat(after).isGreaterThan(before);
        assertThat(state.compareAndSet("a", before, bytes("three"))).isEmpty();
    }

    @Test
    void keys_are_listed_in_order_page_by_page() {
        SharedState state = join("alice").state();
        List.of("p/c", "p/a", "q/x", "p/b").forEach(key -> state.put(key, bytes(key)));

        List<Versioned> page = state.list("p/", "", 2);
        assertThat(page).extracting(Versioned::key).containsExactly("p/a", "p/b");
        assertThat(state.list("p/", "p/b", 2)).extracting(Versioned::key).containsExactly("p/c");
    }

    @Test
    void a_value_may_be_empty_or_as_large_as_the_limit() {
        SharedState state = join("alice").state();
        byte[] largest = new byte[Limits.VALUE_BYTES];
        largest[7] = 42;

        state.put("empty", new byte[0]);
        state.put("large", largest);

        assertThat(state.get("empty").orElseThrow().value()).isEmpty();
        assertThat(state.get("large").orElseThrow().value()).isEqualTo(largest);
    }

    @Test
    void what_is_malformed_or_too_large_is_refused() {
        SharedState state = join("alice").state();

        assertThatThrownBy(() -> state.put("", bytes("x"))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> state.put("a\nb", bytes("x"))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> state.put("a", new byte[Limits.VALUE_BYTES + 1]))
                .isInstanceOf(LimitExceededException.class);
    }

    @Test
    void what_is_ephemeral_goes_with_its_session() {
        Session alice = join("alice");
        Session bob = join("bob");
        SharedState carol = join("carol").state();
        long a = alice.state().putEphemeral("up/alice", bytes("1"));
        bob.state()
                .txn()
                .then(Write.ephemeral("up/bob", bytes("1")), Write.put("stays", bytes("1")))
                .commit();
        assertThat(carol.get("up/alice").orElseThrow().owner())
                .contains(alice.info().id());
        assertThat(carol.list("up/", "", 10)).hasSize(2);

        alice.close();
        assertThat(carol.get("up/alice")).isEmpty();
        kill(bob);

        assertThat(carol.list("up/", "", 10)).isEmpty();
        assertThat(carol.get("up/bob")).isEmpty();
        assertThat(carol.txn().when(Condition.absent("up/bob")).commit().committed())
                .isTrue();
        assertThat(carol.putIfAbsent("up/alice", bytes("2")).orElseThrow()).isGreaterThan(a);
        assertThat(carol.get("stays")).isPresent();
    }

    @Test
    void what_another_wrote_over_an_ephemeral_value_stays() {
        Session alice = join("alice");
        SharedState bob = join("bob").state();
        alice.state().putEphemeral("k", bytes("1"));
        bob.put("k", bytes("2"));

        alice.close();

        assertThat(bob.get("k").orElseThrow().text()).isEqualTo("2");
        assertThat(bob.get("k").orElseThrow().owner()).isEmpty();
    }

    @Test
    void a_linearizable_read_sees_what_anybody_was_told_is_written() {
        SharedState alice = join("alice").state();
        SharedState bob = join("bob").state().linearizable();
        for (int i = 0; i < 20; i++) {
            long written = alice.put("k", bytes(Integer.toString(i)));
            assertThat(bob.get("k").orElseThrow().revision()).isEqualTo(written);
            assertThat(bob.list("k", "", 1).get(0).revision()).isEqualTo(written);
        }
    }

    @Test
    void a_session_reads_what_it_wrote() {
        SharedState state = join("alice").state();
        for (int i = 0; i < 20; i++) {
            long written = state.put("k", bytes(Integer.toString(i)));
            assertThat(state.get("k").orElseThrow().revision()).isEqualTo(written);
        }
    }
}
