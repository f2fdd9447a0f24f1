package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.core.record.SessionCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * The immutable record of a session as it stands in {@code sessions/<id>}.
 *
 * @param info what everyone may read
 * @param position where it joined in the space's total order
 * @param bell where its doorbell is, an absolute path
 * @param ttl how long it may be silent where its death cannot be proven; zero for ever
 */
record SessionRecord(SessionInfo info, long position, String bell, Duration ttl) {
    SessionId id() {
        return info.id();
    }

    byte[] toBytes() {
        Map<String, Object> fields = SessionCodec.fields(info);
        fields.put("position", position);
        fields.put("bell", bell);
        fields.put("ttlMillis", ttl.toMillis());
        return Json.write(fields);
    }

    /** Reads a record; throws {@link CorruptRecordException} naming the file for anything that is not one. */
    static SessionRecord read(Path file, byte[] bytes) {
        Json.Fields fields = Json.read(file, bytes);
        Duration ttl = Duration.ofMillis(fields.number("ttlMillis"));
        return new SessionRecord(SessionCodec.info(fields), fields.number("position"), fields.text("bell"), ttl);
    }
}
