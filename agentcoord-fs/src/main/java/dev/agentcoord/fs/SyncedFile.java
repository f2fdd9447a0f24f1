package dev.agentcoord.fs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file written and synced under a name of its own before it is published by a rename or link. Closing removes what was not moved
 * away. An interrupt cannot tear it: no interruptible channel is used.
 */
final class SyncedFile implements AutoCloseable {
    private final Path path;

    private SyncedFile(Path path) {
        this.path = path;
    }

    /** Writes a new file of mode 0640 and waits until its content is on the disk. */
    static SyncedFile write(Path path, byte[] content) throws IOException {
        return write(path, content, true);
    }

    /** Writes a new file of mode 0640, and waits for the disk only if told to. */
    static SyncedFile write(Path path, byte[] content, boolean synced) throws IOException {
        Disk.createEmpty(path, Layout.RECORD);
        SyncedFile made = new SyncedFile(path);
        try {
            try (RandomAccessFile out = new RandomAccessFile(path.toFile(), "rw")) {
                out.write(content);
                if (synced) {
                    out.getFD().sync();
                }
            }
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(path);
    }
}
