package dev.agentcoord.fs;

import dev.agentcoord.core.record.Json;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file of one JSON line and a body of any bytes. The line states the CRC-32C of everything else, so that a torn or altered record is
 * noticed, and {@code head -1} shows a person what it is.
 */
final class RecordFile {
    private static final String LENGTH = "bytes";
    private static final String SUM = "crc32c";

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

    /** Reads records that follow one another. */
    static List<RecordFile> decodeAll(Path file, byte[] content) {
        List<RecordFile> all = new ArrayList<>();
        for (int from = 0; from < content.length; ) {
            int end = from;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            long length =
                    Json.read(file, Arrays.copyOfRange(content, from, end)).number(LENGTH);
            if (length < 0 || length > content.length - end) {
                throw Json.corrupt(file, "it was cut short", null);
            }
            int next = (int) Math.min(content.length, end + 1 + length);
            all.add(decode(file, Arrays.copyOfRange(content, from, next)));
            from = next;
        }
        return all;
    }

    private static long sum(Map<String, ?> fields, byte[] body) {
        CRC32C sum = new CRC32C();
        sum.update(Json.write(fields));
        sum.update(body);
        return sum.getValue();
    }
}
