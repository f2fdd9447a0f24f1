package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of {@code order}: two slots for the reservation, then a ring of the latest changes, every block of 512 bytes checked by
 * CRC-32C so that a torn one counts as never written. Plain seek, read and write: an interrupt cannot close those.
 */
final class OrderFile {
    static final int RING = 512;
    private static final int BLOCK = 512;
    private static final int RING_START = 8 * BLOCK;
    static final int SIZE = RING_START + RING * BLOCK;

    private static final long MAGIC = 0x41434f5244455231L;
    private static final int POSITION_AT = 8;
    private static final int SUM_AT = 16;
    private static final int KIND_AT = 20;
    private static final int LENGTH_AT = 22;
    private static final int ENTRY_HEAD = 24;
    static final int NAME_BYTES = BLOCK - ENTRY_HEAD;
    private static final int CURSORS = 3;
    private static final int READ_FIRST = 2;
    private static final int READ_AHEAD = 16;
    /** As many entries as one call writes. */
    static final int AT_ONCE = 8;

    private final Path path;
    private final Cursor reader;
    private final Cursor peeker;
    private final Cursor writer;
    private final byte[] out = new byte[AT_ONCE * BLOCK];
    private final byte[] in = new byte[READ_AHEAD * BLOCK];

    OrderFile(Path path) throws IOException {
        this.path = path;
        List<Cursor> cursors = cursors(path);
        this.reader = cursors.get(0);
        this.peeker = cursors.get(1);
        this.writer = cursors.get(2);
    }

    private static List<Cursor> cursors(Path path) throws IOException {
        List<Cursor> cursors = new ArrayList<>();
        try {
            for (int i = 0; i < CURSORS; i++) {
                cursors.add(new Cursor(path));
            }
            return cursors;
        } catch (IOException e) {
            for (Cursor opened : cursors) {
                opened.close();
            }
            throw e;
        }
    }

    /** A ring entry with its place in the order. */
    record Entry(long number, long position, Change change) {}

    /**
     * Which positions may be given out. Written twice when raised: first as promised, then, once that is on the disk, as ceiling.
     *
     * @param sequence the slot with the higher one counts
     * @param boot in which the store is in use
     * @param floor tickets at or below it are of an earlier boot and void
     * @param ceiling positions up to it may be given out
     * @param promised a later boot goes on counting here
     */
    record Reservation(long sequence, UUID boot, long floor, long ceiling, long promised) {}

    /** Only where no section came of it. */
    void close() throws IOException {
        try (reader;
                peeker;
                writer) {
            // All, whatever the others do.
        }
    }

    FileChannel channel() {
        return reader.file.getChannel();
    }

    void sync() throws IOException {
        writer.file.getFD().sync();
    }

    /** What a new order file holds: nothing, in full length, so that no later write can run out of space. */
    static byte[] blank() {
        return new byte[SIZE];
    }

    /** The reservation, or null in a file that never had one. */
    @Nullable Reservation reservation() throws IOException {
        byte[] both = new byte[2 * BLOCK];
        read(0, both, both.length);
        Reservation a = reservationAt(both, 0);
        Reservation b = reservationAt(both, BLOCK);
        if (a == null && b == null && !isBlank(both, 0, both.length)) {
            throw corrupt("both copies of its reservation are damaged");
        }
        return a == null || (b != null && b.sequence > a.sequence) ? b : a;
    }

    /** Writes over the older of the two copies. */
    void write(Reservation r) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        block.putLong(MAGIC).putLong(r.sequence);
        block.putLong(r.boot.getMostSignificantBits()).putLong(r.boot.getLeastSignificantBits());
        block.putLong(r.floor).putLong(r.ceiling).putLong(r.promised);
        block.putInt(crc(block.array(), 0, block.position()));
        write((r.sequence & 1) * BLOCK, block.array(), BLOCK);
    }

    private static @Nullable Reservation reservationAt(byte[] bytes, int from) {
        ByteBuffer block = ByteBuffer.wrap(bytes, from, BLOCK);
        if (block.getLong() != MAGIC) {
            return null;
        }
        Reservation r = new Reservation(
                block.getLong(),
                new UUID(block.getLong(), block.getLong()),
                block.getLong(),
                block.getLong(),
                block.getLong());
        return block.getInt() == crc(bytes, from, block.position() - Integer.BYTES - from) ? r : null;
    }

    private static boolean isBlank(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    void write(Entry entry) throws IOException {
        write(List.of(entry));
    }

    /** Writes entries that follow each other, at most {@link #AT_ONCE}: if it is cut short, the first of them. */
    void write(List<Entry> entries) throws IOException {
        int begun = 0;
        for (int i = 0; i < entries.size(); i++) {
            encode(entries.get(i), i);
            boolean endsRing = (entries.get(i).number + 1) % RING == 0;
            if (endsRing || i == entries.size() - 1) {
                write(offset(entries.get(begun).number), out, begun * BLOCK, (i + 1 - begun) * BLOCK);
                begun = i + 1;
            }
        }
    }

    private void encode(Entry entry, int place) {
        byte[] name = entry.change.name().getBytes(StandardCharsets.UTF_8);
        if (name.length > NAME_BYTES) {
            throw new IllegalArgumentException("a change has a name of at most " + NAME_BYTES + " bytes");
        }
        int from = place * BLOCK;
        ByteBuffer block = ByteBuffer.wrap(out).position(from);
        block.putLong(entry.number).putLong(entry.position);
        block.putInt(0).put((byte) entry.change.kind().code()).put((byte) 0).putShort((short) name.length);
        block.put(name);
        block.putInt(from + SUM_AT, crc(out, from, block.position() - from));
    }

    /**
     * The entries after a number, in order; empty when there is none, null when the ring no longer holds the next one, or a torn one is
     * met: what was in its block before may have been that.
     */
    @Nullable List<Entry> after(long number) throws IOException {
        List<Entry> news = List.of();
        long next = number + 1;
        for (int blocks = READ_FIRST; ; blocks = READ_AHEAD) {
            int count = read(reader, next, blocks);
            for (int i = 0; i < count; i++, next++) {
                // Torn from the front, a block's number is never below that of either entry it is made of.
                if (numberAt(in, i * BLOCK) < next) {
                    return news;
                }
                Entry entry = entryAt(in, i * BLOCK);
                if (entry == null || entry.number > next) {
                    return null;
                }
                news = news.isEmpty() ? new ArrayList<>() : news;
                news.add(entry);
            }
        }
    }

    /** Whether something was written where the entry of a number belongs that can not be read, so that it may have been that entry. */
    boolean isUnreadable(long number) throws IOException {
        read(reader, number, 1);
        return numberAt(in, 0) >= number && entryAt(in, 0) == null;
    }

    /** Whether no entry has been written after a number, nor is one being written. */
    boolean isLatest(long number) throws IOException {
        read(peeker, number + 1, READ_FIRST);
        return numberAt(in, 0) <= number;
    }

    /**
     * Reads blocks from an entry's on, and returns how many there are before the ring begins anew. Whoever takes and drops a ticket writes
     * two, so that cursors which move by two need not seek.
     */
    private int read(Cursor cursor, long number, int blocks) throws IOException {
        int count = (int) Math.min(blocks, RING - number % RING);
        read(cursor, offset(number), in, count * BLOCK);
        return count;
    }

    /** The latest entry, found by looking at all of them; null in a new file. */
    @Nullable Entry latest() throws IOException {
        byte[] all = new byte[RING * BLOCK];
        read(RING_START, all, all.length);
        Entry latest = null;
        for (int i = 0; i < RING; i++) {
            Entry entry = entryAt(all, i * BLOCK);
            latest = entry != null && (latest == null || entry.number > latest.number) ? entry : latest;
        }
        return latest;
    }

    private static long numberAt(byte[] bytes, int from) {
        return read(bytes, from, Long.BYTES);
    }

    private @Nullable Entry entryAt(byte[] bytes, int from) {
        long number = numberAt(bytes, from);
        long position = read(bytes, from + POSITION_AT, Long.BYTES);
        int sum = (int) read(bytes, from + SUM_AT, Integer.BYTES);
        int length = (int) read(bytes, from + LENGTH_AT, Short.BYTES);
        if (number <= 0 || length > NAME_BYTES) {
            return null;
        }
        Arrays.fill(bytes, from + SUM_AT, from + KIND_AT, (byte) 0);
        if (sum != crc(bytes, from, ENTRY_HEAD + length)) {
            return null;
        }
        Change.Kind kind = Change.Kind.of(bytes[from + KIND_AT]);
        if (kind == null) {
            throw corrupt("change " + number + " is of a kind this version does not know");
        }
        String name = new String(bytes, from + ENTRY_HEAD, length, StandardCharsets.UTF_8);
        return new Entry(number, position, new Change(kind, name));
    }

    /** A big-endian number, read without a buffer around it: that is what a process does most in here. */
    private static long read(byte[] bytes, int from, int length) {
        long number = 0;
        for (int i = from; i < from + length; i++) {
            number = number << 8 | (bytes[i] & 0xFF);
        }
        return number;
    }

    private static long offset(long number) {
        return RING_START + number % RING * BLOCK;
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, length);
        return (int) sum.getValue();
    }

    private void read(long at, byte[] into, int length) throws IOException {
        read(reader, at, into, length);
    }

    private void read(Cursor cursor, long at, byte[] into, int length) throws IOException {
        if (!cursor.read(at, into, length)) {
            throw corrupt("it was cut short");
        }
    }

    private void write(long at, byte[] bytes, int length) throws IOException {
        write(at, bytes, 0, length);
    }

    private void write(long at, byte[] bytes, int from, int length) throws IOException {
        writer.write(at, bytes, from, length);
    }

    private CorruptRecordException corrupt(String why) {
        return new CorruptRecordException(
                path, path + " is damaged: " + why + "; stop all agents of the space and move the space away", null);
    }

    /**
     * A descriptor that remembers where it stands. Entries are mostly read and written one after the other, so that a cursor for each
     * purpose seldom has to seek. Not closed while a section uses the file: that would drop the kernel's lock on it.
     */
    private static final class Cursor implements AutoCloseable {
        private static final long UNKNOWN = -1;

        private final RandomAccessFile file;
        private long at = UNKNOWN;

        Cursor(Path path) throws IOException {
            file = new RandomAccessFile(path.toFile(), "rw");
        }

        /** Fills the first bytes of a buffer; false where the file ends before. */
        boolean read(long from, byte[] into, int length) throws IOException {
            moveTo(from);
            for (int got = 0; got < length; ) {
                int n = file.read(into, got, length - got);
                if (n < 0) {
                    return false;
                }
                got += n;
            }
            at = from + length;
            return true;
        }

        void write(long to, byte[] bytes, int from, int length) throws IOException {
            moveTo(to);
            file.write(bytes, from, length);
            at = to + length;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        /** Until the operation is through, nobody knows where it stands. */
        private void moveTo(long to) throws IOException {
            if (at != to) {
                at = UNKNOWN;
                file.seek(to);
            }
            at = UNKNOWN;
        }
    }
}
