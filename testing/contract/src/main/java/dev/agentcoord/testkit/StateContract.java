package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Condition;
import dev.agentcoord.FenceGuard;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.StaleTokenException;
import dev.agentcoord.StateEvent;
import dev.agentcoord.Subscription;
import dev.agentcoord.Txn;
import dev.agentcoord.TxnResult;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.core.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How shared state is read and written (contract T1 to T5), and what fences it (L7). */
public abstract class StateContract extends Contract {
    private static final List<String> ACCOUNTS = List.of("account/1", "account/2", "account/3", "account/4");

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
            if (!transfer(state, 2 * (me % 2), 1, me + 1, read)) {
                transferAnyhow(state, 2 * (me % 2), 1, me + 1);
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

    @Test
    void a_watch_tells_first_what_is_there_then_what_changes() {
        SharedState alice = join("alice").state();
        SharedState bob = join("bob").state();
        alice.put("p/a", bytes("one"));
        alice.put("q/a", bytes("one"));
        Mirror mirror = new Mirror();
        bob.watch("p/", mirror);
        eventually(() -> assertThat(mirror.values()).isEqualTo(Map.of("p/a", "one")));

        alice.put("p/b", bytes("one"));
        eventually(() -> assertThat(mirror.values()).isEqualTo(Map.of("p/a", "one", "p/b", "one")));
        alice.put("q/b", bytes("one"));
        alice.put("p/a", bytes("two"));
        eventually(() -> assertThat(mirror.values()).isEqualTo(Map.of("p/a", "two", "p/b", "one")));
        alice.delete("p/b", alice.get("p/b").orElseThrow().revision());
        eventually(() -> assertThat(mirror.values()).isEqualTo(Map.of("p/a", "two")));
        assertThat(mirror.first()).isInstanceOf(StateEvent.Resync.class);
        assertThat(mirror.wrong()).isEmpty();
    }

    @Test
    void a_watch_ends_with_the_last_value_however_many_there_were() throws InterruptedException {
        SharedState alice = join("alice").state();
        SharedState bob = join("bob").state();
        Mirror mirror = new Mirror();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        bob.watch("p/", event -> {
            told.countDown();
            awaitUninterruptibly(go);
            mirror.accept(event);
        });
        assertThat(opensSoon(told)).isTrue();
        for (int i = 0; i < 100; i++) {
            alice.put("p/" + i % 7, bytes(Integer.toString(i)));
        }
        go.countDown();

        Map<String, String> last =
                alice.list("p/", "", 10).stream().collect(Collectors.toMap(Versioned::key, Versioned::text));
        eventually(() -> assertThat(mirror.values()).isEqualTo(last));
        assertThat(mirror.wrong()).isEmpty();
    }

    @Test
    void a_listener_that_was_held_up_ends_with_the_right_state() throws InterruptedException {
        SharedState alice = join("alice").state();
        SharedState bob = join("bob").state();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        Mirror mirror = new Mirror();
        bob.watch("p/", event -> {
            stuck.countDown();
            awaitUninterruptibly(go);
            mirror.accept(event);
        });
        assertThat(opensSoon(stuck)).isTrue();
        for (int i = 0; i < 700; i++) {
            alice.put("p/" + i, bytes("x"));
        }
        alice.delete("p/0", alice.get("p/0").orElseThrow().revision());

        go.countDown();

        eventually(() -> assertThat(mirror.values()).hasSize(699).doesNotContainKey("p/0"));
        assertThat(mirror.wrong()).isEmpty();
    }

    @Test
    void a_watch_tells_that_an_ephemeral_value_has_gone_with_its_session() {
        Session alice = join("alice");
        SharedState bob = join("bob").state();
        Mirror mirror = new Mirror();
        alice.state().putEphemeral("up/alice", bytes("1"));
        bob.watch("up/", mirror);
        eventually(() -> assertThat(mirror.values()).containsOnlyKeys("up/alice"));

        kill(alice);

        eventually(() -> assertThat(mirror.values()).isEmpty());
        assertThat(mirror.wrong()).isEmpty();
    }

    @Test
    void a_closed_watch_tells_nothing_more() {
        SharedState alice = join("alice").state();
        SharedState bob = join("bob").state();
        Mirror closed = new Mirror();
        Mirror open = new Mirror();
        Subscription subscription = bob.watch("", closed);
        bob.watch("", open);
        eventually(() -> assertThat(closed.first()).isNotNull());

        subscription.close();
        subscription.close();
        alice.put("k", bytes("x"));

        eventually(() -> assertThat(open.values()).containsKey("k"));
        assertThat(closed.values()).isEmpty();
    }

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

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a watcher believes to be there, and whatever it was told out of order. Thread-safe. */
    private static final class Mirror implements Consumer<StateEvent> {
        private final Map<String, Versioned> values = new TreeMap<>();
        private final Map<String, Long> revisions = new TreeMap<>();
        private final List<String> wrong = new ArrayList<>();
        private @Nullable StateEvent first;
        private @Nullable Thread telling;

        @Override
        public void accept(StateEvent event) {
            enter();
            synchronized (this) {
                first = first == null ? event : first;
                if (event instanceof StateEvent.Resync resync) {
                    values.clear();
                    resync.values().forEach(this::put);
                } else if (event instanceof StateEvent.Put put) {
                    put(put.value());
                } else if (event instanceof StateEvent.Deleted deleted && values.remove(deleted.key()) == null) {
                    wrong.add(deleted + " was not there");
                }
                telling = null;
            }
        }

        private synchronized void enter() {
            if (telling != null) {
                wrong.add("told by two threads at once");
            }
            telling = Thread.currentThread();
        }

        private void put(Versioned value) {
            Long before = revisions.put(value.key(), value.revision());
            if (before != null && before > value.revision()) {
                wrong.add(value + " after " + before);
            }
            values.put(value.key(), value);
        }

        synchronized Map<String, String> values() {
            Map<String, String> texts = new TreeMap<>();
            values.forEach((key, value) -> texts.put(key, value.text()));
            return texts;
        }

        synchronized @Nullable StateEvent first() {
            return first;
        }

        synchronized List<String> wrong() {
            return List.copyOf(wrong);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
