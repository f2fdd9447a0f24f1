package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process loses the kernel's lock on {@code order} when it closes any descriptor of that file, so none may ever be closed. */
final class OneDescriptorIT {
    @TempDir
    private Path dir;

    @Test
    void openingTheStoreAgainInTheSameProcessDoesNotLoseTheSection() throws IOException {
        Path root = dir.resolve("store");
        Path link = Files.createSymbolicLink(dir.resolve("link"), root);
        Space space = Space.open(root, "web", FsOptions.defaults());
        Path order = space.layout().order();
        List<String> descriptors = descriptorsOf(order);
        AtomicReference<Thread> other = new AtomicReference<>();
        CompletableFuture<Void> opened = new CompletableFuture<>();
        space.section().run(turn -> {
            Thread thread = new Thread(() -> openAndClose(link, opened));
            other.set(thread);
            thread.start();
            await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            assertThat(KernelLocks.holderOf(order))
                    .contains(ProcessHandle.current().pid());
            return turn.change();
        });
        opened.join();
        assertThat(descriptors).isNotEmpty();
        assertThat(descriptorsOf(order)).isEqualTo(descriptors);
    }

    private static void openAndClose(Path store, CompletableFuture<Void> opened) {
        try (Coordinator coordinator = FsCoordinator.open(store, "web")) {
            coordinator.join(Participant.named("again"));
            opened.complete(null);
        } catch (RuntimeException e) {
            opened.completeExceptionally(e);
        }
    }

    private static List<String> descriptorsOf(Path file) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> isOf(file, fd)).map(Path::toString).sorted().toList();
        }
    }

    private static boolean isOf(Path file, Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
