package dev.agentcoord.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DispatcherTest {
    private final Workers workers = new Workers();
    private final Dispatcher dispatcher = new Dispatcher(workers);
    private final List<Object> heard = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void events_are_delivered_in_order_and_off_the_callers_thread() {
        IntStream.range(0, 1_000).forEach(i -> dispatcher.dispatch(() -> heard.add(i)));
        dispatcher.dispatch(() -> heard.add(Thread.currentThread()));

        dispatcher.awaitDelivered();

        assertThat(heard.subList(0, 1_000))
                .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
        assertThat(heard.get(1_000)).isNotEqualTo(Thread.currentThread());
    }

    @Test
    void a_listener_that_throws_does_not_stop_the_next() {
        List<Throwable> uncaught = Collections.synchronizedList(new ArrayList<>());
        dispatcher.dispatch(
                () -> Thread.currentThread().setUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure)));
        dispatcher.dispatch(() -> {
            throw new IllegalStateException("careless listener");
        });
        dispatcher.dispatch(() -> heard.add("next"));

        dispatcher.awaitDelivered();

        assertThat(heard).containsExactly("next");
        assertThat(uncaught).hasSize(1);
    }

    @Test
    void a_listener_that_waits_for_what_is_delivered_does_not_wait_for_itself() {
        dispatcher.dispatch(() -> {
            dispatcher.awaitDelivered();
            heard.add("came back");
        });

        dispatcher.awaitDelivered();

        assertThat(heard).containsExactly("came back");
    }

    @Test
    void waiting_for_delivery_keeps_an_interrupt() {
        CountDownLatch interrupted = new CountDownLatch(1);
        dispatcher.dispatch(() -> await(interrupted));
        Thread.currentThread().interrupt();
        interrupted.countDown();

        dispatcher.awaitDelivered();

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void nothing_is_delivered_or_awaited_once_the_workers_are_closed() {
        workers.close();

        dispatcher.dispatch(() -> heard.add("late"));
        dispatcher.awaitDelivered();

        assertThat(heard).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
