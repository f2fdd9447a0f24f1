package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file written and synced under a name of its own before it is published by a rename or link. Closing removes what was not moved
 * away. An interrupt cannot tear it. Not thread-safe.
 */
final class SyncedFile implements AutoCloseable {
    private final Path path;
    private boolean moved;

    private SyncedFile(Path path) {
        this.path = path;
    }

    /** Writes a new file of mode 0640, and waits for the disk only if told to. */
    static SyncedFile write(Path path, byte[] content, boolean synced) throws IOException {
        Disk.create(path, content, Layout.RECORD, synced);
        return new SyncedFile(path);
    }

    /** One more name of it. */
    SyncedFile link(Path other) throws IOException {
        Files.createLink(other, path);
        return new SyncedFile(other);
    }

    Path path() {
        return path;
    }

    /** Its name is another now, so there is nothing to remove. */
    void moved() {
        moved = true;
    }

    @Override
    public void close() throws IOException {
        if (!moved) {
            Disk.unlink(path);
        }
    }
}
