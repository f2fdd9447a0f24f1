package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.Txn;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.core.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Transactions on the shared state: all of their writes or none, conditions and reads that belong to one moment, and guards
 * by locks.
 */
public abstract class TxnContract extends Contract {
    /** Whoever is first, what two others do by mistake does not add up to nothing. */
    private static final List<Integer> AMOUNTS = List.of(1, 5, 2);

    private static final List<String> ACCOUNTS = List.of("account/1", "account/2", "account/3", "account/4");

    /** For a backend's test class. */
    protected TxnContract() {}

    @Test
    void a_transaction_writes_all_of_it_when_all_conditions_are_true() {
        SharedState state = join("alice").state();
        long a = state.put("a", bytes("one"));
        state.put("gone", bytes("x"));

        TxnResult result = state.txn()
                .when(Condition.revision("a", a), Condition.exists("gone"), Condition.absent("b"))
                .then(Write.put("a", bytes("two")), Write.put("b", bytes("two")), Write.delete("gone"))
                .commit();

        assertThat(result.committed()).isTrue();
        assertThat(result.revision()).isGreaterThan(a);
        assertThat(state.get("a").orElseThrow().revision()).isEqualTo(result.revision());
        assertThat(state.get("b").orElseThrow().text()).isEqualTo("two");
        assertThat(state.get("gone")).isEmpty();
    }

    @Test
    void a_transaction_writes_nothing_when_one_condition_is_false_and_reads_instead() {
        SharedState state = join("alice").state();
        long a = state.put("a", bytes("one"));
        for (Condition wrong : List.of(
                Condition.revision("a", a + 1),
                Condition.absent("a"),
                Condition.exists("b"),
                Condition.requireHeld(new FencingToken(1, 1L << 40, 0)))) {
            TxnResult result = state.txn()
                    .when(Condition.revision("a", a), wrong)
                    .then(Write.delete("a"), Write.put("b", bytes("two")))
                    .otherwise("a", "b")
                    .commit();

            assertThat(result.committed()).as(wrong.toString()).isFalse();
            assertThat(result.found()).containsOnlyKeys("a");
            assertThat(result.found().values()).extracting(Versioned::revision).containsExactly(a);
        }
        assertThat(state.get("b")).isEmpty();
        assertThat(state.get("a").orElseThrow().text()).isEqualTo("one");
    }

    @Test
    void nobody_reads_half_a_transaction() throws InterruptedException {
        SharedState alice = join("alice").state();
        SharedState bob = join("bob").state();
        alice.txn().then(Write.put("x", bytes("0")), Write.put("y", bytes("0"))).commit();
        CompletableFuture<Void> writes = inBackground(() -> {
            for (int i = 1; i <= 100; i++) {
                byte[] value = bytes(Integer.toString(i));
                alice.txn().then(Write.put("x", value), Write.put("y", value)).commit();
            }
            return null;
        });

        do {
            Map<String, Versioned> both = bob.txn()
                    .when(Condition.absent("x"))
                    .otherwise("x", "y")
                    .commit()
                    .found();
            assertThat(both).containsOnlyKeys("x", "y");
            assertThat(both.values().stream().map(Versioned::text).distinct()).hasSize(1);
            // What x shows was committed with y, so who reads y afterwards sees no less.
            int x = Integer.parseInt(bob.get("x").orElseThrow().text());
            assertThat(Integer.parseInt(bob.get("y").orElseThrow().text())).isGreaterThanOrEqualTo(x);
        } while (!writes.isDone());
        soon(writes);
    }

    @Test
    void transfers_of_several_neither_make_nor_lose_anything() throws InterruptedException {
        List<SharedState> states = List.of(
                join("alice").state(), join("bob").state(), join("carol").state());
        ACCOUNTS.forEach(account -> states.get(0).put(account, bytes("10")));
        // All have read before the first of them writes.
        CyclicBarrier read = new CyclicBarrier(states.size());
        forEach(states, (me, state) -> {
            if (!transfer(state, 2 * (me % 2), 1, AMOUNTS.get(me), read)) {
                transferAnyhow(state, 2 * (me % 2), 1, AMOUNTS.get(me));
            }
        });
        // Looked at here as well: two mistakes may make up for each other later.
        assertThat(sum(states.get(0))).isEqualTo(10 * ACCOUNTS.size());
        forEach(states, (me, state) -> {
            Random random = new Random(me);
            for (int n = 0; n < 30; n++) {
                int from = random.nextInt(ACCOUNTS.size());
                transferAnyhow(state, from, (from + 1) % ACCOUNTS.size(), 1);
            }
        });
        assertThat(sum(states.get(0))).isEqualTo(10 * ACCOUNTS.size());
    }

    /** What one of several does. */
    private interface Part {
        void play(int me, SharedState state) throws Exception;
    }

    private void forEach(List<SharedState> states, Part part) throws InterruptedException {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            int me = i;
            all.add(inBackground(() -> {
                part.play(me, states.get(me));
                return null;
            }));
        }
        for (CompletableFuture<Void> one : all) {
            soon(one);
        }
    }

    private static int sum(SharedState state) {
        return ACCOUNTS.stream()
                .mapToInt(account ->
                        Integer.parseInt(state.get(account).orElseThrow().text()))
                .sum();
    }

    private static void transferAnyhow(SharedState state, int from, int to, int amount) throws Exception {
        boolean done = false;
        while (!done) {
            done = transfer(state, from, to, amount, new CyclicBarrier(1));
        }
    }

    private static boolean transfer(SharedState state, int from, int to, int amount, CyclicBarrier read)
            throws Exception {
        Versioned a = state.get(ACCOUNTS.get(from)).orElseThrow();
        Versioned b = state.get(ACCOUNTS.get(to)).orElseThrow();
        read.await(1, TimeUnit.MINUTES);
        return state.txn()
                .when(Condition.revision(a.key(), a.revision()), Condition.revision(b.key(), b.revision()))
                .then(plus(a, -amount), plus(b, amount))
                .commit()
                .committed();
    }

    private static Write plus(Versioned account, int amount) {
        return Write.put(account.key(), bytes(Integer.toString(Integer.parseInt(account.text()) + amount)));
    }

    @Test
    void a_write_that_requires_a_lock_happens_only_while_that_is_held() {
        Session alice = join("alice");
        Session bob = join("bob");
        Grant grant = hold(alice, LockRequest.exclusive(Item.file("a.txt")));
        Txn guarded = bob.state().txn().when(Condition.requireHeld(grant)).then(Write.put("k", bytes("x")));

        assertThat(guarded.commit().committed()).isTrue();
        grant.release();
        assertThat(guarded.commit().committed()).isFalse();
        hold(bob, LockRequest.exclusive(Item.file("a.txt")));
        assertThat(guarded.commit().committed()).isFalse();
    }

    @Test
    void a_lock_that_still_waits_is_not_held() throws InterruptedException {
        Session alice = join("alice");
        Session bob = join("bob");
        Grant first = hold(alice, LockRequest.exclusive(Item.file("a.txt")));
        CompletableFuture<Grant> second = ask(bob, LockRequest.exclusive(Item.file("a.txt")));
        FencingToken waiting = ticketsOf(bob).get(0).token();
        Txn guarded = alice.state().txn().when(Condition.requireHeld(waiting)).then(Write.put("k", bytes("x")));

        assertThat(guarded.commit().committed()).isFalse();
        first.release();
        assertThat(soon(second).token()).isEqualTo(waiting);
        assertThat(guarded.commit().committed()).isTrue();
    }

    @Test
    void the_locks_of_a_dead_session_guard_nothing() {
        Session alice = join("alice");
        SharedState bob = join("bob").state();
        Grant grant = hold(alice, LockRequest.exclusive(Item.file("a.txt")));
        Txn guarded = bob.txn().when(Condition.requireHeld(grant)).then(Write.put("k", bytes("x")));
        assertThat(guarded.commit().committed()).isTrue();

        kill(alice);
        hold(join("carol"), LockRequest.exclusive(Item.file("a.txt")));

        assertThat(guarded.commit().committed()).isFalse();
    }

    @Test
    void a_transaction_that_is_malformed_or_too_large_is_refused() {
        SharedState state = join("alice").state();
        Write[] many = new Write[Limits.TXN_OPS + 1];
        for (int i = 0; i < many.length; i++) {
            many[i] = Write.put("k" + i, bytes("x"));
        }
        byte[] large = new byte[Limits.VALUE_BYTES];

        assertThatThrownBy(() -> state.txn().then(many).commit()).isInstanceOf(LimitExceededException.class);
        assertThatThrownBy(() -> state.txn()
                        .then(Write.put("a", bytes("x")), Write.delete("a"))
                        .commit())
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> state.txn().when(Condition.exists("")).commit())
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> {
                    Txn txn = state.txn();
                    for (int i = 0; i <= Limits.TXN_BYTES / large.length; i++) {
                        txn = txn.then(Write.put("k" + i, large));
                    }
                    txn.commit();
                })
                .isInstanceOf(LimitExceededException.class);
        assertThat(state.list("", "", 10)).isEmpty();
    }

    @Test
    void as_many_writes_as_the_limit_happen_together() {
        SharedState state = join("alice").state();
        Write[] writes = new Write[Limits.TXN_OPS];
        for (int i = 0; i < writes.length; i++) {
            writes[i] = Write.put("k" + i, bytes("x"));
        }

        assertThat(state.txn().then(writes).commit().committed()).isTrue();

        assertThat(state.list("k", "", Limits.PAGE)).hasSize(Limits.TXN_OPS);
    }
}
