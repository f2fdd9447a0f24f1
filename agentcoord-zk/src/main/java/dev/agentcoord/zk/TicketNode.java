package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.RequestText;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.record.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * A ticket's znode, {@code <items>~<session>.<request>~<sequence>}: the items as in {@link RequestText}, or {@code body} where they do not
 * fit and stand in the data. Else the data is the reason. The sequence number, which the servers append, says the order alone: it wraps,
 * and it starts again when the parent was made again.
 *
 * @param name the whole name
 * @param wants the items, without a reason; null where they stand in the data
 * @param session whose it is
 * @param request its number within the session
 * @param sequence its place, to be compared by difference
 */
record TicketNode(String name, @Nullable LockRequest wants, SessionId session, long request, int sequence) {
    /** Longest name, so that a full list of them stays below what a client takes. */
    static final int MAX_NAME = 200;

    private static final char FIELD = '~';
    private static final char NUMBER = '.';
    private static final String IN_BODY = "body";
    private static final int SEQUENCE_DIGITS = 11;

    /** The name of a ticket to be made, but for its sequence number. */
    static String prefix(LockRequest wants, SessionId session, long request) {
        String items = RequestText.encode(wants.reason(""));
        String tail = mark(session, request);
        // The text of a request ends with the separator of its reason, which is left to the data.
        String whole = items.substring(0, items.length() - 1) + tail;
        return whole.length() + SEQUENCE_DIGITS <= MAX_NAME ? whole : IN_BODY + tail;
    }

    /** The data of a ticket whose name begins like that. */
    static byte[] data(LockRequest wants, String prefix) {
        String text = prefix.startsWith(IN_BODY + FIELD) ? RequestText.encode(wants) : wants.reason();
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What only the tickets of one request have in their names: so one whose making was not answered is found. */
    static String mark(SessionId session, long request) {
        return "" + FIELD + session + NUMBER + request + FIELD;
    }

    /** Reads a name; throws {@link dev.agentcoord.CorruptRecordException} naming the path for what is none. */
    static TicketNode parse(String parent, String name) {
        try {
            int sequenceAt = name.lastIndexOf(FIELD) + 1;
            int sessionAt = name.lastIndexOf(FIELD, sequenceAt - 2) + 1;
            int requestAt = name.indexOf(NUMBER, sessionAt) + 1;
            String items = name.substring(0, sessionAt - 1);
            return new TicketNode(
                    name,
                    items.equals(IN_BODY) ? null : RequestText.decode(items + FIELD, name),
                    new SessionId(name.substring(sessionAt, requestAt - 1)),
                    Long.parseLong(name, requestAt, sequenceAt - 1, 10),
                    Integer.parseInt(name, sequenceAt, name.length(), 10));
        } catch (CoordinationException | IndexOutOfBoundsException | NumberFormatException e) {
            throw Json.corrupt(parent + "/" + name, "it is not the name of a ticket", e);
        }
    }

    /** Whether the other was made before, whatever their numbers: they are never half of all numbers apart. */
    boolean isAfter(TicketNode other) {
        return sequence - other.sequence > 0;
    }

    boolean needsBody() {
        return wants == null;
    }

    Owner owner() {
        return Owner.session(session);
    }

    /** What it asks for, reason included, from its data. */
    LockRequest wants(String parent, byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        try {
            return wants == null ? RequestText.decode(text, parent + "/" + name) : wants.reason(text);
        } catch (CoordinationException e) {
            throw Json.corrupt(parent + "/" + name, "its data is not what it asks for", e);
        }
    }

    /** The ticket: its position is the transaction that made it, which no other ever is. */
    Ticket ticket(String parent, byte[] data, Stat stat) {
        return new Ticket(
                stat.getCzxid(), 0, owner(), request, wants(parent, data), Instant.ofEpochMilli(stat.getCtime()));
    }
}
