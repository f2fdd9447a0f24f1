package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.StoreUnavailableException;
import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Syncs of a disk that a test lets through one by one. */
final class SyncGroupTest {
    private static final Path STATE = Path.of("/store/state");
    private static final Path TASKS = Path.of("/store/tasks");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Path> begun = new CopyOnWriteArrayList<>();
    private final Semaphore disk = new Semaphore(0);
    private volatile @Nullable IOException error;
    private volatile @Nullable Error fatal;
    private final SyncGroup group = new SyncGroup(this::sync);

    private void sync(Path dir) throws IOException {
        begun.add(dir);
        disk.acquireUninterruptibly();
        Error died = fatal;
        if (died != null) {
            throw died;
        }
        IOException failed = error;
        if (failed != null) {
            throw failed;
        }
    }

    @AfterEach
    void stopThreads() {
        disk.release(1_000);
        threads.shutdownNow();
    }

    @Test
    void allWhoAskWhileASyncRunsShareTheNextOne() {
        CompletableFuture<Void> first = ask(STATE);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<Void>> rest = ask(STATE, 20);

        disk.release();
        await().until(first::isDone);
        await().until(() -> begun.size() == 2);
        assertThat(rest).noneMatch(CompletableFuture::isDone);

        disk.release();
        await().untilAsserted(() -> assertThat(rest).allMatch(CompletableFuture::isDone));
        assertThat(begun).containsExactly(STATE, STATE);
    }

    @Test
    void whereAWholeFileSystemCannotBeSyncedNothingIsAfterwards() {
        assertThatThrownBy(() -> group.syncAll(Path.of("/no/such/directory")))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("lost writes");
        assertThatThrownBy(group::requireWhole).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> group.sync(STATE)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(begun).isEmpty();
    }

    @Test
    void whoAsksAfterASyncBeganIsNotAnsweredByIt() {
        CompletableFuture<Void> first = ask(STATE);
        await().until(() -> begun.size() == 1);
        CompletableFuture<Void> second = ask(STATE, 1).get(0);

        disk.release();
        await().until(first::isDone);
        await().until(() -> begun.size() == 2);

        assertThat(second).isNotDone();
    }

    @Test
    void directoriesDoNotWaitForEachOther() {
        CompletableFuture<Void> slow = ask(STATE);
        CompletableFuture<Void> other = ask(TASKS);

        await().until(() -> begun.size() == 2);

        assertThat(begun).containsExactlyInAnyOrder(STATE, TASKS);
        disk.release(2);
        await().until(() -> slow.isDone() && other.isDone());
    }

    @Test
    void aDirectoryNamedTwiceIsSyncedOnce() throws IOException {
        disk.release(100);

        group.sync(STATE, TASKS, STATE);

        assertThat(begun).containsExactlyInAnyOrder(STATE, TASKS);
    }

    @Test
    void aFailedSyncFailsAllWhoWaitForItAndAllWhoComeLater() {
        CompletableFuture<Void> first = ask(STATE);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<Void>> rest = ask(STATE, 5);
        error = new SyncFailedException("Input/output error");

        disk.release();
        await().untilAsserted(() -> assertThat(rest).allMatch(CompletableFuture::isCompletedExceptionally));
        error = null;
        disk.release(100);

        assertThat(first).isCompletedExceptionally();
        assertThatThrownBy(() -> group.sync(STATE))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("Input/output error")
                .hasMessageContaining("start this process anew");
        assertThatThrownBy(() -> group.sync(TASKS)).isInstanceOf(OutcomeUnknownException.class);
        assertThatThrownBy(group::requireWhole).isInstanceOf(StoreUnavailableException.class);
        assertThat(begun).containsExactly(STATE);
    }

    @Test
    void whereTheThreadThatSyncsForAllDiesNobodyIsToldThatItIsDone() {
        CompletableFuture<Void> first = ask(STATE);
        await().until(() -> begun.size() == 1);
        List<CompletableFuture<Void>> rest = ask(STATE, 5);
        fatal = new OutOfMemoryError("planned");

        disk.release(100);

        await().untilAsserted(() -> assertThat(rest).allMatch(CompletableFuture::isDone));
        assertThat(rest).allMatch(CompletableFuture::isCompletedExceptionally);
        assertThat(first).isCompletedExceptionally();
    }

    @Test
    void aDirectoryThatCouldNotBeOpenedMayBeTriedAgain() throws IOException {
        error = new AccessDeniedException(STATE.toString());
        disk.release(100);
        assertThatThrownBy(() -> group.sync(STATE)).isInstanceOf(IOException.class);

        error = null;
        group.sync(STATE);

        assertThat(begun).hasSize(2);
    }

    @Test
    void anInterruptNeitherTearsASyncNorIsForgotten() throws IOException {
        disk.release(100);
        Thread.currentThread().interrupt();
        try {
            group.sync(STATE);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(begun).containsExactly(STATE);
    }

    private CompletableFuture<Void> ask(Path dir) {
        return CompletableFuture.runAsync(() -> Calls.typed(dir, () -> sync(group, dir)), threads);
    }

    private static boolean sync(SyncGroup group, Path dir) throws IOException {
        group.sync(dir);
        return true;
    }

    /** Callers that are known to wait: nobody can be seen to have come except by where his thread stands. */
    private List<CompletableFuture<Void>> ask(Path dir, int callers) {
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    group.sync(dir);
                    done.complete(null);
                } catch (IOException | RuntimeException | Error e) {
                    done.completeExceptionally(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
            waiting.add(thread);
            asked.add(done);
        }
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> waiting.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        return asked;
    }
}
