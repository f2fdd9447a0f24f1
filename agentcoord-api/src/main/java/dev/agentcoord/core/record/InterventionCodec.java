package dev.agentcoord.core.record;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Intervention;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The record of a theft or of a polite question as fields of JSON, the same on every backend. Stateless. */
public final class InterventionCodec {
    private static final int SHOWN = 160;

    private InterventionCodec() {}

    /** What a session does now about a ticket of another. */
    public static Intervention of(
            Intervention.Kind kind, Ticket ticket, String holder, SessionInfo by, String reason, Instant at) {
        return new Intervention(
                kind, ticket.id(), what(ticket), holder, by.id(), by.agent(), by.developer(), reason, at);
    }

    private static String what(Ticket ticket) {
        String text = ticket.wants().toString();
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(SHOWN)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c)
                .forEach(shown::appendCodePoint);
        return shown.length() < text.length() ? shown.append('\u2026').toString() : shown.toString();
    }

    /** The fields of a record, in a fixed order. */
    public static Map<String, Object> fields(Intervention done) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", done.kind().name());
        fields.put("ticket", done.ticket().position());
        fields.put("what", done.what());
        fields.put("holder", done.holder());
        fields.put("by", done.by().text());
        fields.put("agent", done.agent());
        fields.put("developer", done.developer());
        fields.put("reason", done.reason());
        fields.put("at", done.at().toString());
        return fields;
    }

    /** The record of those fields; throws {@link CorruptRecordException} naming their place when they are not one. */
    public static Intervention read(Json.Fields fields) {
        return read(fields, fields.text("developer"));
    }

    /** As {@link #read(Json.Fields)}, with the user that the store itself knows to have written it. */
    public static Intervention read(Json.Fields fields, String developer) {
        return fields.into(all -> new Intervention(
                all.constant("kind", Intervention.Kind.class),
                new TicketId(all.number("ticket")),
                all.text("what"),
                all.text("holder"),
                new SessionId(all.text("by")),
                all.text("agent"),
                developer,
                all.text("reason"),
                all.instant("at")));
    }
}
