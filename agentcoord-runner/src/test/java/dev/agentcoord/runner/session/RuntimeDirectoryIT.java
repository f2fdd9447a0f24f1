package dev.agentcoord.runner.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RuntimeDirectoryIT {
    private static final int ROUNDS = 200;
    private static final int FILES = 30;

    @TempDir
    private Path home = Path.of("");

    @Test
    void what_another_removes_at_the_same_time_is_no_error() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            RuntimeDirectory directory = new RuntimeDirectory(Files.createDirectory(home.resolve("run" + round)));
            for (int file = 0; file < FILES; file++) {
                Files.createFile(directory.path().resolve("file" + file));
            }
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> removeFiles(directory.path()));

            directory.delete();

            other.join();
            assertThat(directory.path()).doesNotExist();
        }
    }

    @Test
    void what_is_gone_is_no_error() throws IOException {
        new RuntimeDirectory(home.resolve("gone")).delete();

        assertThat(home).isEmptyDirectory();
    }

    private static void removeFiles(Path directory) {
        for (int file = FILES - 1; file >= 0; file--) {
            assertThat(directory.resolve("file" + file).toFile().delete()).isIn(true, false);
        }
    }
}
