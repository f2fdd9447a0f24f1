package dev.agentcoord.fs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one record of the {@link WriteAheadLog} says: all the changes that were made together. */
final class LogRecord {
    private static final int VALUE = 1;
    private static final int TASK = 2;
    private static final int UNDONE = 3;
    private static final int TASK_BY_DIRECTORIES = 4;
    private static final int NOTHING = -1;
    /** Of {@code writeUTF}. */
    private static final int MOST_BYTES_A_CHAR = 3;

    private LogRecord() {}

    /** One change. */
    sealed interface Entry permits Value, Task, Undone {}

    /**
     * A key of the state.
     *
     * @param name of its file
     * @param revision it has, or from which on it is gone
     * @param content of its file; null where it is gone
     * @param isLasting whether it is to outlive the boot; to the log it is gone otherwise
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Value(String name, long revision, byte @Nullable [] content, boolean isLasting) implements Entry {
        byte @Nullable [] lasting() {
            return isLasting ? content : null;
        }

        /** As many bytes as it takes in a record, or a few more. */
        int mostBytes() {
            byte[] lasting = lasting();
            int text = Short.BYTES + MOST_BYTES_A_CHAR * name.length();
            return 1 + text + Long.BYTES + Integer.BYTES + (lasting == null ? 0 : lasting.length);
        }
    }

    /**
     * A task that was added, or has ended.
     *
     * @param queue it is in
     * @param place of its file below the queue
     * @param name the task's part of that name
     * @param content the task's record where it was added, the note on its last delivery where it has ended; null for none
     * @param byLog whether the log alone says so; else it is an end that the directories say, and count
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Task(String queue, String place, String name, byte @Nullable [] content, boolean byLog) implements Entry {
        /** As many bytes as it takes in a record, or a few more. */
        int mostBytes() {
            int texts = MOST_BYTES_A_CHAR * (queue.length() + place.length() + name.length());
            return 1 + 3 * Short.BYTES + texts + Integer.BYTES + (content == null ? 0 : content.length);
        }
    }

    /**
     * What an earlier record says of a key, and was not made: its writer died, or could not.
     *
     * @param name of its file
     * @param revision it was to have
     */
    record Undone(String name, long revision) implements Entry {}

    static byte[] encode(Collection<? extends Entry> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Entry entry : entries) {
                if (entry instanceof Value value) {
                    encode(value, out);
                } else if (entry instanceof Task task) {
                    encode(task, out);
                } else if (entry instanceof Undone undone) {
                    out.writeByte(UNDONE);
                    out.writeUTF(undone.name);
                    out.writeLong(undone.revision);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void encode(Value value, DataOutputStream out) throws IOException {
        out.writeByte(VALUE);
        out.writeUTF(value.name);
        out.writeLong(value.revision);
        encode(value.lasting(), out);
    }

    private static void encode(Task task, DataOutputStream out) throws IOException {
        out.writeByte(task.byLog ? TASK : TASK_BY_DIRECTORIES);
        out.writeUTF(task.queue);
        out.writeUTF(task.place);
        out.writeUTF(task.name);
        encode(task.content, out);
    }

    private static void encode(byte @Nullable [] content, DataOutputStream out) throws IOException {
        out.writeInt(content == null ? NOTHING : content.length);
        if (content != null) {
            out.write(content);
        }
    }

    /** Of what is none nothing: its checksum was right, so somebody wrote it by hand. */
    static List<Entry> decode(byte[] record) {
        List<Entry> entries = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(record))) {
            while (in.available() > 0) {
                entries.add(decode(in));
            }
            return entries;
        } catch (IOException | IllegalArgumentException e) {
            return List.of();
        }
    }

    private static Entry decode(DataInputStream in) throws IOException {
        int kind = in.readByte();
        if (kind == TASK || kind == TASK_BY_DIRECTORIES) {
            return new Task(in.readUTF(), in.readUTF(), in.readUTF(), content(in), kind == TASK);
        }
        if (kind == UNDONE) {
            return new Undone(in.readUTF(), in.readLong());
        }
        if (kind != VALUE) {
            throw new IOException("kind " + kind);
        }
        return new Value(in.readUTF(), in.readLong(), content(in), true);
    }

    private static byte @Nullable [] content(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == NOTHING ? null : in.readNBytes(length);
    }
}
