package dev.agentcoord.fs;

import dev.agentcoord.core.record.Json;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One of the two files of a {@link WriteAheadLog}: a block that says what it is used for, then records one after the other. All its space
 * is taken when it is made, so that a record changes nothing but content and one {@code fdatasync} puts it onto the disk. A record states
 * the salt of its use: those of an earlier one do not count, nor does what looks like a record inside somebody's value. Plain seek, read and write: an interrupt cannot close those.
 */
final class LogSegment implements AutoCloseable {
    static final int SIZE = 4 * 1024 * 1024;
    static final int START = 512;

    private static final long MAGIC = 0x41434f5244574131L;
    private static final int USE_BYTES = 3 * Long.BYTES + 2 * Integer.BYTES;
    private static final int HEAD_BYTES = Long.BYTES + 2 * Integer.BYTES;

    private final Path path;
    private final RandomAccessFile file;
    private final @Nullable Object identity;

    LogSegment(Path path) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "rw");
        this.identity = Disk.identity(path);
    }

    /** Whether it looks like one: what somebody planted counts for nothing, but everybody may write to. */
    static boolean isOne(Path path) throws IOException {
        return Disk.isFile(path)
                && Files.size(path) == SIZE
                && (Disk.mode(path) & Layout.SHARED_FILE) == Layout.SHARED_FILE;
    }

    /** Whether its name is still that of the file that was opened. */
    boolean isInPlace() throws IOException {
        return identity != null && identity.equals(Disk.identity(path));
    }

    /** Puts what it says onto the disk. */
    void sync() throws IOException {
        file.getFD().sync();
    }

    /** How far a file is. */
    enum State {
        /** Whatever its records say is on the disk without them. */
        FREE(0),
        /** Records are added. */
        OPEN(1),
        /** It is full, and the log goes on in the other one. */
        CLOSED(2);

        private final int code;

        State(int code) {
            this.code = code;
        }

        private static @Nullable State of(int code) {
            for (State state : values()) {
                if (state.code == code) {
                    return state;
                }
            }
            return null;
        }
    }

    /**
     * What a file is used for.
     *
     * @param epoch rises with each use of either file
     * @param salt that nobody can guess before
     * @param state of it
     */
    record Use(long epoch, long salt, State state) {
        private static final Use NEVER = new Use(0, 0, State.FREE);
        private static final SecureRandom RANDOM = new SecureRandom();

        static Use begin(long epoch) {
            return new Use(epoch, RANDOM.nextLong(), State.OPEN);
        }

        Use as(State other) {
            return new Use(epoch, salt, other);
        }
    }

    /**
     * A record.
     *
     * @param place where it begins
     * @param content of it
     * @param next where the next one would begin
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Found(int place, byte[] content, int next) {}

    /** Makes one in full length that was never used, under a temporary name. */
    static void make(Path draft) throws IOException {
        Disk.create(draft, new byte[SIZE], Layout.SHARED_FILE, true);
    }

    Path path() {
        return path;
    }

    /** Never used where that was never said, or cannot be read. */
    Use use() throws IOException {
        byte[] bytes = read(0, USE_BYTES);
        ByteBuffer block = ByteBuffer.wrap(bytes);
        long magic = block.getLong();
        long epoch = block.getLong();
        long salt = block.getLong();
        State state = State.of(block.getInt());
        boolean whole = block.getInt() == sum(bytes, USE_BYTES - Integer.BYTES);
        return whole && magic == MAGIC && state != null ? new Use(epoch, salt, state) : Use.NEVER;
    }

    void use(Use use) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(USE_BYTES);
        block.putLong(MAGIC).putLong(use.epoch).putLong(use.salt).putInt(use.state.code);
        block.putInt(sum(block.array(), block.position()));
        write(0, block.array());
    }

    /** The record that begins there and is of that use, or null. */
    @Nullable Found at(int place, Use use) throws IOException {
        if (!fits(place, 0)) {
            return null;
        }
        ByteBuffer head = ByteBuffer.wrap(read(place, HEAD_BYTES));
        long written = head.getLong();
        int length = head.getInt();
        if (written != use.salt || length < 0 || !fits(place, length)) {
            return null;
        }
        byte[] record = read(place, HEAD_BYTES + length);
        int sum = head.getInt();
        ByteBuffer.wrap(record).putInt(HEAD_BYTES - Integer.BYTES, 0);
        return sum == sum(record, record.length)
                ? new Found(place, Arrays.copyOfRange(record, HEAD_BYTES, record.length), place + record.length)
                : null;
    }

    static boolean fits(int place, int length) {
        return place + HEAD_BYTES + length <= SIZE;
    }

    /** Writes a record and returns where the next one goes. */
    int append(int place, Use use, byte[] content) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(HEAD_BYTES + content.length);
        record.putLong(use.salt).putInt(content.length).putInt(0).put(content);
        record.putInt(HEAD_BYTES - Integer.BYTES, sum(record.array(), record.capacity()));
        write(place, record.array());
        return place + record.capacity();
    }

    private byte[] read(int at, int length) throws IOException {
        byte[] bytes = new byte[length];
        file.seek(at);
        try {
            file.readFully(bytes);
        } catch (EOFException e) {
            throw Json.corrupt(path, "it was cut short", e);
        }
        return bytes;
    }

    private void write(int at, byte[] bytes) throws IOException {
        file.seek(at);
        file.write(bytes);
    }

    private static int sum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
