package dev.agentcoord.fs;

import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.StoreUnavailableException;
import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts directories onto the disk for all threads of this process together: one sync serves everybody who asked before it began, on the
 * thread of one of them. A sync that fails is final. The kernel tells of lost writes once and then takes them for written, so a second try
 * would lie: all that waited get the error, and so does everybody who asks later. Thread-safe, and indifferent to interrupts.
 */
final class SyncGroup {
    private final Syncer syncer;
    private final Map<Path, Line> lines = new HashMap<>();
    private @Nullable StoreUnavailableException broken;

    /** Puts the names of one directory onto the disk, whether or not the thread is interrupted meanwhile. */
    @FunctionalInterface
    interface Syncer {
        /** Throws {@link SyncFailedException} where the disk said no, anything else where it could not even be asked. */
        void sync(Path dir) throws IOException;
    }

    /** One who waits. */
    private static final class Asked {
        private boolean synced;
        private @Nullable Exception failure;
    }

    /** Those who wait for one directory, as long as there are any. */
    private final class Line implements Together.Work<Asked> {
        private final Path dir;
        private final Together<Asked> together = new Together<>(Integer.MAX_VALUE, this);
        private int users;

        Line(Path dir) {
            this.dir = dir;
        }

        @Override
        public void doAll(List<Asked> wanted) {
            try {
                requireWhole();
                syncer.sync(dir);
                wanted.forEach(asked -> asked.synced = true);
            } catch (SyncFailedException e) {
                StoreUnavailableException failure = giveUp(dir, e);
                wanted.forEach(asked -> asked.failure = failure);
            } catch (IOException | RuntimeException e) {
                wanted.forEach(asked -> asked.failure = e);
            }
        }
    }

    SyncGroup() {
        this(Disk::sync);
    }

    SyncGroup(Syncer syncer) {
        this.syncer = syncer;
    }

    /** Throws once a sync has failed; asked before anything is changed, so that nothing is half done. */
    synchronized void requireWhole() {
        if (broken != null) {
            throw new StoreUnavailableException(
                    Objects.requireNonNull(broken.subject()), String.valueOf(broken.getMessage()), broken);
        }
    }

    /**
     * Returns once every name made or removed in these directories before the call is on the disk; throws
     * {@link OutcomeUnknownException} when a sync fails or has failed before.
     */
    void sync(Path... dirs) throws IOException {
        sync(List.of(dirs));
    }

    /** The same, each directory once. What was made in all of them before mostly goes with the first. */
    void sync(Collection<Path> dirs) throws IOException {
        try {
            for (Path dir : new LinkedHashSet<>(dirs)) {
                sync(dir);
            }
        } catch (StoreUnavailableException e) {
            // Each caller gets an error of its own: what it wrote is in the store, and may go with the power.
            throw new OutcomeUnknownException(dirs, String.valueOf(e.getMessage()), e);
        }
    }

    /** Returns once all that the file system of a directory holds in memory is on the disk. */
    void syncAll(Path dir) throws IOException {
        requireWhole();
        try {
            Disk.syncAll(dir);
        } catch (SyncFailedException e) {
            throw giveUp(dir, e);
        }
    }

    private void sync(Path dir) throws IOException {
        Asked mine = new Asked();
        Line line = enter(dir);
        try {
            line.together.run(mine);
        } finally {
            leave(line);
        }
        Calls.rethrow(mine.failure);
        if (!mine.synced) {
            throw new IOException("the thread that was to sync " + dir + " for others failed");
        }
    }

    private synchronized Line enter(Path dir) {
        Line line = lines.computeIfAbsent(dir, Line::new);
        line.users++;
        return line;
    }

    private synchronized void leave(Line line) {
        line.users--;
        if (line.users == 0) {
            lines.remove(line.dir);
        }
    }

    private synchronized StoreUnavailableException giveUp(Path dir, SyncFailedException cause) {
        if (broken == null) {
            broken = new StoreUnavailableException(
                    dir,
                    "the disk lost writes below " + dir + " (" + cause.getMessage()
                            + "): what was last written there may"
                            + " not survive a power cut; check the disk, then start this process anew",
                    cause);
        }
        return broken;
    }
}
