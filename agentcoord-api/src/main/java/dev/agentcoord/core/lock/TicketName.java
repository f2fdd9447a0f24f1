package dev.agentcoord.core.lock;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import java.time.Instant;
import java.util.Optional;

/**
 * A ticket as one name in a directory of tickets:
 * {@code <position, 16 hex digits>~<generation>~<owner>~<request>~<since, millis>~<items>~<reason>}, the owner being
 * {@code s=<session>} or {@code t=<queue>+<task>}, items and reason as in {@link RequestText}. Names sort by position, are ASCII
 * without a slash, and are read back to the ticket; what does not fit has {@code body} in place of items and reason, which stand in
 * the file. A name never lies: whatever is not exactly what would be written is refused.
 */
public final class TicketName {
    /** Longest name of a file. */
    public static final int MAX_BYTES = 255;

    private static final char FIELD = '~';
    private static final int POSITION_DIGITS = 16;
    private static final int WANTS = 5;
    private static final String IN_BODY = "body";
    private static final String SESSION = "s=";
    private static final String TASK = "t=";
    private static final String HEX = "0123456789abcdef";

    private TicketName() {}

    /** The name that says all of a ticket, or empty where it would be longer than {@link #MAX_BYTES}. */
    public static Optional<String> encode(Ticket ticket) {
        StringBuilder name = head(ticket);
        RequestText.append(name, ticket.wants());
        return name.length() <= MAX_BYTES ? Optional.of(name.toString()) : Optional.empty();
    }

    /** The name of a ticket whose items and reason stand in the file as {@link #bodyOf}; it always fits. */
    public static String encodeLong(Ticket ticket) {
        return head(ticket).append(IN_BODY).toString();
    }

    /** The content of the file named {@link #encodeLong}: one line, its end the proof that it is complete. */
    public static String bodyOf(Ticket ticket) {
        return RequestText.encode(ticket.wants()) + "\n";
    }

    /** Whether the name leaves items and reason to the file, so that {@link #decode(String, String)} is needed. */
    public static boolean needsBody(String name) {
        return name.endsWith(FIELD + IN_BODY)
                && name.chars().filter(c -> c == FIELD).count() == WANTS;
    }

    /** The position in a name, without reading the rest; throws {@link CorruptRecordException} where it has none. */
    public static long positionOf(String name) {
        try {
            return position(name);
        } catch (IllegalArgumentException e) {
            throw RequestText.corrupt(name, e);
        }
    }

    /** Reads a name that {@link #encode} wrote; throws {@link CorruptRecordException} naming it for any other. */
    public static Ticket decode(String name) {
        return decode(name, new RequestTexts());
    }

    /** As {@link #decode(String)}, with requests read before at hand. */
    public static Ticket decode(String name, RequestTexts texts) {
        try {
            requireFields(name.length() <= MAX_BYTES);
            String[] fields = name.split(String.valueOf(FIELD), WANTS + 1);
            requireFields(fields.length == WANTS + 1);
            Ticket ticket = ticket(name, fields, texts.read(fields[WANTS]));
            RequestText.requireSame(name, head(ticket).append(fields[WANTS]).toString());
            return ticket;
        } catch (CoordinationException | IllegalArgumentException e) {
            throw RequestText.corrupt(name, e);
        }
    }

    /** Reads a name of {@link #encodeLong} and its file's content; throws {@link CorruptRecordException} naming it for any other. */
    public static Ticket decode(String name, String body) {
        try {
            requireFields(needsBody(name));
            LockRequest wants = RequestText.read(body.stripTrailing());
            Ticket ticket = ticket(name, name.split(String.valueOf(FIELD), WANTS + 1), wants);
            RequestText.requireSame(name, encodeLong(ticket));
            RequestText.requireSame(body, bodyOf(ticket));
            return ticket;
        } catch (CoordinationException | IllegalArgumentException e) {
            throw RequestText.corrupt(name, e);
        }
    }

    private static StringBuilder head(Ticket ticket) {
        StringBuilder name = new StringBuilder(MAX_BYTES);
        for (int shift = 4 * (POSITION_DIGITS - 1); shift >= 0; shift -= 4) {
            name.append(HEX.charAt((int) (ticket.position() >>> shift) & 0xF));
        }
        name.append(FIELD).append(ticket.generation()).append(FIELD);
        Owner owner = ticket.owner();
        SafeText.append(name.append(owner.kind() == Owner.Kind.SESSION ? SESSION : TASK), owner.id());
        name.append(FIELD).append(ticket.request());
        return name.append(FIELD).append(ticket.since().toEpochMilli()).append(FIELD);
    }

    private static Ticket ticket(String name, String[] fields, LockRequest wants) {
        return new Ticket(
                position(name),
                Integer.parseInt(fields[1]),
                owner(fields[2]),
                Long.parseLong(fields[3]),
                wants,
                Instant.ofEpochMilli(Long.parseLong(fields[4])));
    }

    private static long position(String name) {
        requireFields(name.indexOf(FIELD) == POSITION_DIGITS);
        return Long.parseUnsignedLong(name, 0, POSITION_DIGITS, 16);
    }

    private static Owner owner(String field) {
        String id = SafeText.read(field.substring(Math.min(2, field.length())));
        if (field.startsWith(SESSION)) {
            return Owner.session(new SessionId(id));
        }
        int slash = id.indexOf('/');
        if (!field.startsWith(TASK) || slash < 0) {
            throw new IllegalArgumentException("its owner is neither a session nor a task");
        }
        return Owner.task(id.substring(0, slash), new TaskId(id.substring(slash + 1)));
    }

    private static void requireFields(boolean met) {
        if (!met) {
            throw new IllegalArgumentException("it has not the fields of a ticket");
        }
    }
}
