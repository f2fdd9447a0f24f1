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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Puts directories onto the disk for all threads of this process together: one sync serves everybody who asked before it began. A sync
 * that fails is final. The kernel tells of lost writes once and then takes them for written, so a second try would lie: all that waited
 * get the error, and so does everybody who asks later. Thread-safe, and indifferent to interrupts.
 */
final class SyncGroup {
    /** Nobody interrupts these threads: an interrupt closes the channel and hides whether the sync had failed. */
    private static final Executor THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "agentcoord-sync");
        thread.setDaemon(true);
        return thread;
    });

    private final Syncer syncer;
    private final Executor threads;
    private final Map<Path, Line> lines = new HashMap<>();
    private @Nullable StoreUnavailableException broken;

    /** Puts the names of one directory onto the disk. */
    @FunctionalInterface
    interface Syncer {
        /** Throws {@link SyncFailedException} where the disk said no, anything else where it could not even be asked. */
        void sync(Path dir) throws IOException;
    }

    /** Those who wait for one directory: for a sync that has yet to begin. There is one line for each directory being synced. */
    private static final class Line {
        private @Nullable CompletableFuture<Void> next;
    }

    SyncGroup() {
        this(Disk::sync, THREADS);
    }

    SyncGroup(Syncer syncer, Executor threads) {
        this.syncer = syncer;
        this.threads = threads;
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

    /** The same, each directory once, all at the same time. */
    void sync(Collection<Path> dirs) throws IOException {
        List<CompletableFuture<Void>> asked =
                new LinkedHashSet<>(dirs).stream().map(this::ask).toList();
        try {
            asked.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            if (e.getCause() instanceof StoreUnavailableException known) {
                // Each caller gets an error of its own: what it wrote is in the store, and may go with the power.
                throw new OutcomeUnknownException(dirs, String.valueOf(known.getMessage()), known);
            }
            throw e;
        }
    }

    private CompletableFuture<Void> ask(Path dir) {
        synchronized (this) {
            if (broken != null) {
                return CompletableFuture.failedFuture(broken);
            }
            Line line = lines.get(dir);
            if (line != null) {
                line.next = line.next == null ? new CompletableFuture<>() : line.next;
                return line.next;
            }
            line = new Line();
            lines.put(dir, line);
            CompletableFuture<Void> mine = new CompletableFuture<>();
            line.next = mine;
            threads.execute(() -> serve(dir));
            return mine;
        }
    }

    private void serve(Path dir) {
        for (CompletableFuture<Void> batch = next(dir); batch != null; batch = next(dir)) {
            try {
                syncer.sync(dir);
                batch.complete(null);
            } catch (SyncFailedException e) {
                batch.completeExceptionally(giveUp(dir, e));
            } catch (IOException | RuntimeException | Error e) {
                batch.completeExceptionally(e);
            }
        }
    }

    /** Who asks from now on waits for the sync after the one about to begin. */
    private synchronized @Nullable CompletableFuture<Void> next(Path dir) {
        Line line = lines.get(dir);
        CompletableFuture<Void> batch = line == null ? null : line.next;
        if (line != null) {
            line.next = null;
        }
        if (batch == null) {
            lines.remove(dir);
        } else if (broken != null) {
            batch.completeExceptionally(broken);
            return next(dir);
        }
        return batch;
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
