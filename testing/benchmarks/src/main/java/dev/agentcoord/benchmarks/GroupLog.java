package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The least that anything durable does for many writers of one process: records appended to one file, where one sync serves all who came
 * while the sync before was under way. Nothing can be read by name, compared or replaced. Thread-safe.
 */
final class GroupLog implements AutoCloseable {
    private final FileChannel file;
    private long written;
    private long synced;
    private boolean syncing;

    GroupLog(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** Returns once the record is on the disk. */
    void append(byte[] record) {
        try {
            long mine = write(record);
            while (!isSynced(mine)) {
                long upTo = begin();
                file.force(false);
                end(upTo);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }

    private synchronized long write(byte[] record) throws IOException {
        file.write(ByteBuffer.wrap(record));
        return ++written;
    }

    /** False for the one who is to sync now. */
    private synchronized boolean isSynced(long mine) throws InterruptedException {
        while (syncing && synced < mine) {
            wait();
        }
        syncing |= synced < mine;
        return synced >= mine;
    }

    private synchronized long begin() {
        return written;
    }

    private synchronized void end(long upTo) {
        synced = upTo;
        syncing = false;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
