package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.RequestText;
import dev.agentcoord.core.lock.SafeText;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.record.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * A ticket's znode, {@code <items>~<session>.<request>~<sequence>}, with the task before the sequence where it
 * is one's: the items as in {@link RequestText}, or {@code body} where they do not
 * fit and stand in the data. Else the data is the reason. The sequence number, which the servers append, says the order alone: it wraps,
 * and it starts again when the parent was made again.
 *
 * @param name the whole name
 * @param wants the items, without a reason; null where they stand in the data
 * @param session whose it is
 * @param request its number within the session
 * @param owner that session, or the task that it was asked for or given to
 * @param bound what it keeps of the session's ticket that it was; null where it was none
 * @param sequence its place, to be compared by difference
 */
record TicketNode(
        String name,
        @Nullable LockRequest wants,
        SessionId session,
        long request,
        Owner owner,
        @Nullable Bound bound,
        int sequence) {
    /** Longest name, so that a full list of them stays below what a client takes. */
    static final int MAX_NAME = 200;

    private static final char FIELD = '~';
    private static final char NUMBER = '.';
    /** Begins the field with the task; no session's id begins so. */
    private static final char TASK = '@';
    /** Begins the field with what a bound ticket keeps. */
    private static final char KEPT = '=';

    private static final String IN_BODY = "body";
    private static final int SEQUENCE_DIGITS = 11;

    /**
     * What a ticket keeps that becomes a task's.
     *
     * @param position the transaction that made it first
     * @param since when that was, in milliseconds since the epoch
     */
    record Bound(long position, long since) {}

    /** The name of a ticket to be made, but for its sequence number. */
    static String prefix(LockRequest wants, SessionId session, long request) {
        return prefix(wants, mark(session, request));
    }

    /** The same of one for a task. */
    static String prefix(LockRequest wants, SessionId session, long request, Owner task) {
        return prefix(wants, mark(session, request) + field(task));
    }

    /** The whole name of a ticket of a session once it is a task's: it keeps its place in the line. */
    static String bound(TicketNode own, LockRequest wants, Owner task, Bound kept) {
        String tail = mark(own.session, own.request)
                + field(task)
                + String.format("%c%x%c%x%c", KEPT, kept.position, NUMBER, kept.since, FIELD);
        return prefix(wants, tail) + own.name.substring(own.name.lastIndexOf(FIELD) + 1);
    }

    private static String field(Owner task) {
        StringBuilder field = new StringBuilder().append(TASK);
        SafeText.append(field, task.id());
        return field.append(FIELD).toString();
    }

    private static String prefix(LockRequest wants, String tail) {
        String items = RequestText.encode(wants.reason(""));
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

    /** A session's ticket that was just made; the name begins with what {@link #prefix} said. */
    static TicketNode made(String name, LockRequest wants, SessionId session, long request) {
        return new TicketNode(
                name,
                name.startsWith(IN_BODY + FIELD) ? null : wants.reason(""),
                session,
                request,
                Owner.session(session),
                null,
                Integer.parseInt(name, name.lastIndexOf(FIELD) + 1, name.length(), 10));
    }

    /** Reads a name; throws {@link dev.agentcoord.CorruptRecordException} naming the path for what is none. */
    static TicketNode parse(String parent, String name) {
        try {
            int sequenceAt = name.lastIndexOf(FIELD) + 1;
            int end = sequenceAt;
            Bound bound = null;
            Owner task = null;
            int fieldAt = name.lastIndexOf(FIELD, end - 2) + 1;
            if (name.charAt(fieldAt) == KEPT) {
                int dot = name.indexOf(NUMBER, fieldAt);
                bound = new Bound(
                        Long.parseLong(name, fieldAt + 1, dot, 16), Long.parseLong(name, dot + 1, end - 1, 16));
                end = fieldAt;
                fieldAt = name.lastIndexOf(FIELD, end - 2) + 1;
            }
            if (name.charAt(fieldAt) == TASK) {
                String text = SafeText.read(name.substring(fieldAt + 1, end - 1));
                int slash = text.indexOf('/');
                task = Owner.task(text.substring(0, slash), new TaskId(text.substring(slash + 1)));
                end = fieldAt;
                fieldAt = name.lastIndexOf(FIELD, end - 2) + 1;
            }
            int sessionAt = fieldAt;
            int requestAt = name.indexOf(NUMBER, sessionAt) + 1;
            String items = name.substring(0, sessionAt - 1);
            SessionId session = new SessionId(name.substring(sessionAt, requestAt - 1));
            return new TicketNode(
                    name,
                    items.equals(IN_BODY) ? null : RequestText.decode(items + FIELD, name),
                    session,
                    Long.parseLong(name, requestAt, end - 1, 10),
                    task == null ? Owner.session(session) : task,
                    bound,
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
        long position = bound == null ? stat.getCzxid() : bound.position();
        long since = bound == null ? stat.getCtime() : bound.since();
        return new Ticket(position, 0, owner, request, wants(parent, data), Instant.ofEpochMilli(since));
    }
}
