package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work that a test lets through one by one. */
final class TogetherTest {
    private static final int MOST = 3;

    private final List<List<Integer>> begun = new CopyOnWriteArrayList<>();
    private final Semaphore working = new Semaphore(0);
    private final List<Thread> threads = new ArrayList<>();
    private final Together<Integer> together = new Together<>(MOST, wanted -> {
        begun.add(List.copyOf(wanted));
        working.acquireUninterruptibly();
    });

    @AfterEach
    void letAllThrough() throws InterruptedException {
        working.release(1_000);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void whoComesMeanwhileIsDoneTogetherByOneOfThem() {
        come(1, 2, 3);
        assertThat(begun).containsExactly(List.of(1));

        working.release();

        patiently().until(() -> begun.size() == 2);
        assertThat(begun.get(1)).containsExactly(2, 3);
    }

    @Test
    void nobodyReturnsBeforeHisIsDone() {
        come(1, 2, 3);
        working.release();

        patiently().until(() -> !threads.get(0).isAlive());
        assertThat(threads.subList(1, 3)).allMatch(Thread::isAlive);

        working.release();
        patiently().until(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void noMoreThanSoManyAreDoneAtATime() {
        come(1, 2, 3, 4, 5);
        working.release(10);

        patiently().until(() -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(begun).containsExactly(List.of(1), List.of(2, 3, 4), List.of(5));
    }

    @Test
    void whoComesWhenAllIsDoneDoesHisOwn() {
        working.release(2);
        come(1);
        patiently().until(() -> !threads.get(0).isAlive());
        come(2);
        patiently().until(() -> !threads.get(1).isAlive());
        assertThat(begun).containsExactly(List.of(1), List.of(2));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(1));
    }

    /** One after the other, each once the one before waits or is done. */
    private void come(int... numbers) {
        for (int number : numbers) {
            Thread thread = new Thread(() -> together.run(number));
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
            patiently().until(() -> thread.getState() == Thread.State.WAITING || !thread.isAlive());
        }
    }
}
