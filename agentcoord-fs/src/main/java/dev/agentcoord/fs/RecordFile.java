package dev.agentcoord.fs;

import dev.agentcoord.core.record.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A file of one JSON line and a body of any bytes. The line states the CRC-32C of everything else, so that a torn or altered record is
 * noticed, and {@code head -1} shows a person what it is.
 */
final class RecordFile {
    private static final String LENGTH = "bytes";
    private static final String SUM = "crc32c";
    private static final int MOST_DIGITS = 9;

    private final Json.Fields fields;
    private final byte[] body;

    private RecordFile(Json.Fields fields, byte[] body) {
        this.fields = fields;
        this.body = body;
    }

    /** What the line says. */
    Json.Fields fields() {
        return fields;
    }

    /** What follows the line; not copied. */
    byte[] body() {
        return body;
    }

    /** The content of a record of those fields, in their order. */
    static byte[] encode(Map<String, ?> fields, byte[] body) {
        Map<String, Object> line = new LinkedHashMap<>(fields);
        line.put(LENGTH, body.length);
        line.put(SUM, sum(line, body));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Json.write(line));
        out.writeBytes(body);
        return out.toByteArray();
    }

    /** Reads a record; throws {@link dev.agentcoord.CorruptRecordException} naming the file when it is not whole. */
    static RecordFile decode(Path file, byte[] content) {
        int end = 0;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        byte[] body = Arrays.copyOfRange(content, Math.min(end + 1, content.length), content.length);
        Json.Fields line = Json.read(file, Arrays.copyOf(content, end));
        Map<String, Object> fields = new LinkedHashMap<>(line.map());
        fields.remove(SUM);
        if (end == content.length || line.number(LENGTH) != body.length || line.number(SUM) != sum(fields, body)) {
            throw Json.corrupt(file, "its content does not match its checksum", null);
        }
        return new RecordFile(line, body);
    }

    /** Reads the one of several records that follow one another whose line begins so; null where there is none. The others are stepped over. */
    static @Nullable RecordFile find(Path file, byte[] content, String beginning) {
        byte[] record = cut(file, content, beginning);
        return record == null ? null : decode(file, record);
    }

    /** The same record as it stands there, in full length; only {@link #decode} tells whether it is undamaged. */
    static byte @Nullable [] cut(Path file, byte[] content, String beginning) {
        byte[] begin = beginning.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < content.length; ) {
            int end = from;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            long next = end + 1L + lengthIn(file, content, from, end);
            if (next > content.length) {
                throw Json.corrupt(file, "it was cut short", null);
            }
            if (Arrays.mismatch(content, from, end, begin, 0, begin.length) == begin.length) {
                return Arrays.copyOfRange(content, from, (int) next);
            }
            from = (int) next;
        }
        return null;
    }

    /** Of several records that follow one another the first that is wanted; one that is alone in its file is taken in any case. */
    static RecordFile pick(Path file, byte[] content, Predicate<RecordFile> wanted) {
        for (int from = 0; from < content.length; ) {
            int end = from;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            long next = end + 1L + lengthIn(file, content, from, end);
            if (from == 0 && next >= content.length) {
                break;
            }
            if (next > content.length) {
                throw Json.corrupt(file, "it was cut short", null);
            }
            RecordFile record = decode(file, Arrays.copyOfRange(content, from, (int) next));
            if (wanted.test(record)) {
                return record;
            }
            from = (int) next;
            if (from == content.length) {
                throw Json.corrupt(file, "none of its records is what its name says", null);
            }
        }
        return decode(file, content);
    }

    /** How long the body after a line is, without reading the rest of the line: in a text the quotes would be escaped. */
    private static int lengthIn(Path file, byte[] content, int from, int end) {
        String line = new String(content, from, end - from, StandardCharsets.ISO_8859_1);
        String name = "\"" + LENGTH + "\":";
        int at = line.lastIndexOf(name) + name.length();
        int digits = at;
        while (digits < line.length() && Character.isDigit(line.charAt(digits))) {
            digits++;
        }
        if (at < name.length() || digits == at || digits - at > MOST_DIGITS) {
            throw Json.corrupt(file, "a line of it does not say how much follows", null);
        }
        return Integer.parseInt(line.substring(at, digits));
    }

    private static long sum(Map<String, ?> fields, byte[] body) {
        CRC32C sum = new CRC32C();
        sum.update(Json.write(fields));
        sum.update(body);
        return sum.getValue();
    }
}
