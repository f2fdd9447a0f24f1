package dev.agentcoord.core.lock;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    private static final int MAX_DIGITS = 19;
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
            return new Fields(name).position();
        } catch (IllegalArgumentException e) {
            throw RequestText.corrupt(name, e);
        }
    }

    /** The session that a name says has the ticket, without reading the rest; empty where it says none. */
    public static Optional<SessionId> sessionOf(String name) {
        try {
            Fields fields = new Fields(name);
            fields.position();
            fields.generation();
            Owner owner = owner(fields.text());
            return owner.kind() == Owner.Kind.SESSION ? Optional.of(new SessionId(owner.id())) : Optional.empty();
        } catch (CoordinationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Reads a name that {@link #encode} wrote; throws {@link CorruptRecordException} naming it for any other. */
    public static Ticket decode(String name) {
        return decode(name, new TicketTexts());
    }

    /** As {@link #decode(String)}, with owners and requests read before at hand. */
    public static Ticket decode(String name, TicketTexts texts) {
        try {
            requireFields(name.length() <= MAX_BYTES);
            return ticket(name, texts, null);
        } catch (CoordinationException | IllegalArgumentException e) {
            throw RequestText.corrupt(name, e);
        }
    }

    /** Reads a name of {@link #encodeLong} and its file's content; throws {@link CorruptRecordException} naming it for any other. */
    public static Ticket decode(String name, String body) {
        try {
            requireFields(needsBody(name));
            LockRequest wants = request(body.stripTrailing());
            Ticket ticket = ticket(name, new TicketTexts(), wants);
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
        appendOwner(name, ticket.owner());
        name.append(FIELD).append(ticket.request());
        return name.append(FIELD).append(ticket.since().toEpochMilli()).append(FIELD);
    }

    /** Reads all fields; the wants stand in the last one, unless they were read elsewhere. */
    private static Ticket ticket(String name, TicketTexts texts, @Nullable LockRequest elsewhere) {
        Fields fields = new Fields(name);
        long position = fields.position();
        int generation = fields.generation();
        Owner owner = texts.owner(fields.text(), TicketName::owner);
        long request = fields.number();
        Instant since = Instant.ofEpochMilli(fields.number());
        LockRequest wants = elsewhere != null ? elsewhere : texts.request(fields.rest(), TicketName::request);
        return new Ticket(position, generation, owner, request, wants, since);
    }

    private static LockRequest request(String text) {
        LockRequest request = RequestText.read(text);
        RequestText.requireSame(text, RequestText.encode(request));
        return request;
    }

    private static Owner owner(String field) {
        Owner owner = readOwner(field);
        RequestText.requireSame(field, appendOwner(new StringBuilder(), owner).toString());
        return owner;
    }

    private static Owner readOwner(String field) {
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

    private static StringBuilder appendOwner(StringBuilder out, Owner owner) {
        SafeText.append(out.append(owner.kind() == Owner.Kind.SESSION ? SESSION : TASK), owner.id());
        return out;
    }

    private static void requireFields(boolean met) {
        if (!met) {
            throw new IllegalArgumentException("it has not the fields of a ticket");
        }
    }

    /** Reads the fields of a name one after the other, each only in the one form in which it is written. */
    private static final class Fields {
        private final String name;
        private int next;

        Fields(String name) {
            this.name = name;
        }

        long position() {
            requireFields(end() == POSITION_DIGITS);
            long position = 0;
            for (int i = 0; i < POSITION_DIGITS; i++) {
                char c = name.charAt(i);
                requireFields((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
                position = position << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
            }
            next = POSITION_DIGITS + 1;
            return position;
        }

        long number() {
            int end = end();
            boolean negative = name.charAt(next) == '-';
            int first = negative ? next + 1 : next;
            boolean isPadded = name.charAt(first) == '0' && (negative || end > first + 1);
            requireFields(end > first && end - first <= MAX_DIGITS && !isPadded);
            long number = 0;
            for (int i = first; i < end; i++) {
                int digit = name.charAt(i) - '0';
                requireFields(digit >= 0 && digit <= 9);
                number = 10 * number + digit;
            }
            requireFields(number >= 0);
            next = end + 1;
            return negative ? -number : number;
        }

        int generation() {
            long number = number();
            requireFields(number == (int) number);
            return (int) number;
        }

        String text() {
            int end = end();
            String text = name.substring(next, end);
            next = end + 1;
            return text;
        }

        String rest() {
            return name.substring(next);
        }

        private int end() {
            int end = name.indexOf(FIELD, next);
            requireFields(end >= next);
            return end;
        }
    }
}
