package dev.agentcoord.core.record;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Participant;
import dev.agentcoord.ProcessId;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A session's record as fields of JSON, the same on every backend; a backend adds fields of its own. Stateless. */
public final class SessionCodec {
    /** The rules a session of this version speaks. */
    public static final int PROTOCOL = 1;

    private SessionCodec() {}

    /** The fields of a record, in a fixed order; mutable, so that a backend can add its own. */
    public static Map<String, Object> fields(SessionInfo info) {
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
                "processes", who.processes().stream().map(SessionCodec::fields).toList());
        fields.put("tmux", who.tmuxTarget());
        fields.put("capabilities", who.capabilities().stream().sorted().toList());
        fields.put("labels", new TreeMap<>(who.labels()));
        fields.put("joined", info.joined().toString());
        return fields;
    }

    private static Map<String, Object> fields(ProcessId process) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("pid", process.pid());
        fields.put("startTicks", process.startTicks());
        return fields;
    }

    /** The record of those fields; throws {@link CorruptRecordException} naming their place when they are not one. */
    public static SessionInfo info(Json.Fields fields) {
        return fields.into(all -> new SessionInfo(
                new SessionId(all.text("id")),
                participant(all),
                all.text("developer"),
                all.text("host"),
                all.text("boot"),
                all.number("pidNamespace"),
                all.instant("joined"),
                all.integer("protocol")));
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
