package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A bare lock file: one link(2) to take it, one unlink(2) to drop it, under a name never used before, as a ticket has. No waiting, no
 * order, no dead holders.
 */
final class FileFloor implements Runnable {
    private final Path record;
    private final Path locks;
    private long position;

    FileFloor(Path directory) throws IOException {
        record = Files.createFile(directory.resolve("record"));
        locks = Files.createDirectory(directory.resolve("bare-locks"));
    }

    @Override
    public void run() {
        Path lock = locks.resolve("ticket-of-a-session-that-wants-a-file-" + position++);
        try {
            Files.createLink(lock, record);
            Files.delete(lock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
