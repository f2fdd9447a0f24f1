package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * How what a session writes reaches the disk. A write is a draft, published inside the section and settled outside, before its caller is
 * answered. Thread-safe.
 *
 * @param group through which this process syncs directories
 * @param log that is worth making once there is much to be put onto the disk
 * @param durability whether anything waits for the disk at all
 */
record Writes(SyncGroup group, WriteAheadLog log, Durability durability) {
    /** Throws when nothing can be made durable any more; to be called before a change, outside the section. */
    void begin(Section.Entrance section) {
        if (isSynced()) {
            group.requireWhole();
            log.prepare(section);
        }
    }

    boolean isSynced() {
        return durability == Durability.SYNCED;
    }

    /** Whether what is written may go onto the disk by the log alone, without waiting for its file. Outside the section. */
    boolean areLogged(Section.Entrance section) {
        return isSynced() && log.isThere(section);
    }

    /** A new file under a temporary name, its content on the disk if that is asked for. */
    SyncedFile draft(Path path, byte[] content) throws IOException {
        return draft(path, content, isSynced());
    }

    /** The same, its content on the disk if that is said here. */
    SyncedFile draft(Path path, byte[] content, boolean synced) throws IOException {
        if (isSynced()) {
            group.requireWhole();
        }
        return SyncedFile.write(path, content, synced);
    }

    /** Returns once the names made or removed in these directories before are as durable as asked for. Outside the section. */
    void settle(Path... dirs) throws IOException {
        settle(List.of(dirs));
    }

    /** The same; each directory is synced once, however often it is named. */
    void settle(Collection<Path> dirs) throws IOException {
        if (isSynced()) {
            group.sync(dirs);
        }
    }
}
