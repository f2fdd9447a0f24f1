package dev.agentcoord.fs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks a queue was given, by which they are put into buckets, and how many of them have not ended, by which it is full. In a
 * file beside them, that may be lost: numbers go on at the position of the space, which is never below them, and tasks are counted anew.
 * Used inside the section only.
 */
final class QueueCounts {
    private static final long MAGIC = 0x41434f5244515531L;
    private static final int LENGTH = 5 * Long.BYTES;

    private final Path path;
    private final Recounts recounts = new Recounts();
    private @Nullable RandomAccessFile file;
    private boolean known;
    private boolean exact;
    private long number;
    private long pending;

    /** Counts tasks that have not ended, by looking at them all. */
    @FunctionalInterface
    interface Recount {
        /** Counts. */
        long run() throws IOException;
    }

    QueueCounts(Path path) {
        this.path = path;
    }

    /** Others may have counted since. */
    void forget() {
        known = false;
        exact = false;
    }

    /** Brings both up to date; what was counted in an earlier boot may have been taken back by a power cut. */
    void load(Turn turn, long position, Recount recount) throws IOException {
        if (known) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(read());
        boolean whole = bytes.getLong(0) == MAGIC && bytes.getLong(4 * Long.BYTES) == sum(bytes.array());
        if (whole && bytes.getLong(Long.BYTES) == turn.floor()) {
            number = Math.min(position, bytes.getLong(2 * Long.BYTES));
            pending = bytes.getLong(3 * Long.BYTES);
        } else {
            number = position;
            pending = recount.run();
            add(turn, 0);
        }
        known = true;
    }

    long pending() {
        return pending;
    }

    /**
     * Counts those that have not ended anew and writes that down, unless it was done a moment ago, or nobody else has changed anything since.
     * What is remembered may be too high for a moment after a process died, which is why it is counted at all.
     */
    void recount(Turn turn, long nanos, Recount recount) throws IOException {
        if (!exact && recounts.areDue(nanos)) {
            int wrong = Math.toIntExact(recount.run() - pending);
            if (wrong != 0) {
                add(turn, wrong);
            }
            exact = true;
        }
    }

    /** So many tasks are about to come; returns the number of the first of them. */
    long come(Turn turn, int tasks) throws IOException {
        exact = false;
        long first = number + 1;
        number += tasks;
        add(turn, tasks);
        return first;
    }

    /** So many more tasks have not ended; writes both numbers down. */
    void add(Turn turn, int tasks) throws IOException {
        pending = Math.max(0, pending + tasks);
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        bytes.putLong(MAGIC).putLong(turn.floor()).putLong(number).putLong(pending);
        bytes.putLong(sum(bytes.array()));
        RandomAccessFile out = open();
        out.seek(0);
        out.write(bytes.array());
    }

    private byte[] read() throws IOException {
        byte[] bytes = new byte[LENGTH];
        RandomAccessFile in = open();
        in.seek(0);
        for (int got = 0; got < LENGTH; ) {
            int n = in.read(bytes, got, LENGTH - got);
            if (n < 0) {
                return new byte[LENGTH];
            }
            got += n;
        }
        return bytes;
    }

    private RandomAccessFile open() throws IOException {
        RandomAccessFile open = file;
        if (open == null) {
            try {
                Disk.createEmpty(path, Layout.SHARED_FILE);
            } catch (FileAlreadyExistsException e) {
                // Made by whoever used the queue first; a link in its place would lead somewhere else.
                if (!Disk.isFile(path)) {
                    throw e;
                }
            }
            open = new RandomAccessFile(path.toFile(), "rw");
            file = open;
        }
        return open;
    }

    private static long sum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, LENGTH - Long.BYTES);
        return sum.getValue();
    }
}
