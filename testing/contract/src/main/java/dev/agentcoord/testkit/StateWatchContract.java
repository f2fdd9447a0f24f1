package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Session;
import dev.agentcoord.SharedState;
import dev.agentcoord.StateEvent;
import dev.agentcoord.Subscription;
import dev.agentcoord.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How changes of the shared state are followed: in order of their revisions, each once, with a RESYNC where some were
 * missed.
 */
public abstract class StateWatchContract extends Contract {
    /** For a backend's test class. */
    protected StateWatchContract() {}

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
}
