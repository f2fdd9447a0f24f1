package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Participant;
import dev.agentcoord.ProcessId;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The immutable record of a session as it stands in {@code sessions/<id>}.
 *
 * @param info what everyone may read
 * @param position where it joined in the space's total order
 * @param bell where its doorbell is, an absolute path
 * @param ttl how long it may be silent where its death cannot be proven; zero for ever
 */
record SessionRecord(SessionInfo info, long position, String bell, Duration ttl) {
    /** The rules a session of this version speaks. */
    static final int PROTOCOL = 1;

    SessionId id() {
        return info.id();
    }

    byte[] toBytes() {
        Participant who = info.participant();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("protocol", info.protocol());
        fields.put("id", info.id().text());
        fields.put("agent", who.agent());
        fields.put("role", who.role());
        fields.put("developer", info.developer());
        fields.put("host", info.host());
        fields.put("boot", info.bootId());
        fields.put("pidNamespace", info.pidNamespace());
        fields.put(
                "processes",
                info.processes().stream().map(SessionRecord::fields).toList());
        fields.put("tmux", who.tmuxTarget());
        fields.put("capabilities", who.capabilities().stream().sorted().toList());
        fields.put("labels", who.labels());
        fields.put("joined", info.joined().toString());
        fields.put("position", position);
        fields.put("bell", bell);
        fields.put("ttlMillis", ttl.toMillis());
        return Json.write(fields);
    }

    private static Map<String, Object> fields(ProcessId process) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("pid", process.pid());
        fields.put("startTicks", process.startTicks());
        return fields;
    }

    /** Reads a record; throws {@link CorruptRecordException} naming the file for anything that is not one. */
    static SessionRecord read(Path file, byte[] bytes) {
        Json.Fields fields = Json.read(file, bytes);
        try {
            SessionInfo info = new SessionInfo(
                    new SessionId(fields.text("id")),
                    participant(fields),
                    fields.text("developer"),
                    fields.text("host"),
                    fields.text("boot"),
                    fields.number("pidNamespace"),
                    Instant.parse(fields.text("joined")),
                    (int) fields.number("protocol"));
            Duration ttl = Duration.ofMillis(fields.number("ttlMillis"));
            return new SessionRecord(info, fields.number("position"), fields.text("bell"), ttl);
        } catch (CorruptRecordException e) {
            throw e;
        } catch (CoordinationException | DateTimeParseException e) {
            throw Json.corrupt(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static Participant participant(Json.Fields fields) {
        List<ProcessId> processes = fields.objects("processes").stream()
                .map(p -> new ProcessId(p.number("pid"), p.number("startTicks")))
                .toList();
        return new Participant(
                fields.text("agent"),
                fields.text("role"),
                fields.text("tmux"),
                Set.copyOf(fields.texts("capabilities")),
                fields.textMap("labels"),
                processes);
    }
}
