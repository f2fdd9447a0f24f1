package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's lock on one channel that is never closed, taken by one thread of the process at a time. It is tried first and blocked
 * upon only by a private thread, because an interrupt that meets a blocking call closes the channel and drops the lock for everyone.
 */
final class KernelLock {
    private static final int YIELDS = 200;
    private static final int NAPS = 20;
    private static final int RELEASES = 3;
    private static final long NAP_NANOS = 40_000;

    private final FileChannel channel;
    private @Nullable CompletableFuture<FileLock> blocked;
    private @Nullable FileLock kept;

    KernelLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, or returns null when the patience is over. Callers exclude each other, also those of {@link #leave}. */
    @Nullable FileLock take(Duration patience) throws IOException {
        FileLock mine = kept;
        if (mine != null) {
            kept = null;
            return mine;
        }
        if (blocked == null) {
            FileLock lock = tryForAWhile();
            if (lock != null) {
                return lock;
            }
            blocked = blockElsewhere();
        }
        FileLock lock = await(blocked, System.nanoTime() + patience.toNanos());
        if (lock != null) {
            blocked = null;
        }
        return lock;
    }

    /** The same file by another path is open twice in this process: busy then, as if another process had it. */
    private @Nullable FileLock tryOnce() throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /**
     * Gives the lock back; what was done under it stands in any case. Java goes on counting a lock as taken whose release failed: it
     * is released again, and if that fails too, the next who enters has it already.
     */
    void leave(FileLock lock) {
        kept = lock;
        for (int i = 0; kept != null && i < RELEASES; i++) {
            try {
                lock.release();
                kept = null;
            } catch (IOException e) {
                kept = lock;
            }
        }
    }

    /** Who is inside leaves within microseconds, if it gets a processor: so yield first, and sleep only then. */
    @SuppressWarnings("ThreadPriorityCheck")
    private @Nullable FileLock tryForAWhile() throws IOException {
        for (int i = 0; i < YIELDS + NAPS; i++) {
            FileLock lock = tryOnce();
            if (lock != null) {
                return lock;
            }
            if (i < YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
        return null;
    }

    /** Stays blocked even when nobody has the patience any more; whoever comes next waits for the same result. */
    private CompletableFuture<FileLock> blockElsewhere() {
        CompletableFuture<FileLock> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(lockWhenFree());
                    } catch (IOException | RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                },
                "agentcoord-section");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private FileLock lockWhenFree() throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException e) {
                LockSupport.parkNanos(NAP_NANOS);
            }
        }
    }

    private @Nullable FileLock await(CompletableFuture<FileLock> result, long deadline) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    return null;
                } catch (ExecutionException e) {
                    blocked = null;
                    throw new IOException("cannot lock: " + e.getMessage(), e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
