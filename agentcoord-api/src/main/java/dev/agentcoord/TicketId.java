package dev.agentcoord;

/**
 * Names one live lock request for {@code steal} and listings: its position in the space's total order. Never reused.
 *
 * @param position unique in the space, growing with time
 */
public record TicketId(long position) implements Comparable<TicketId> {
    /** Reads the decimal form {@link #toString} prints, with or without {@code #}; throws {@link InvalidRequestException}. */
    public static TicketId parse(String text) {
        try {
            return new TicketId(Long.parseLong(text.startsWith("#") ? text.substring(1) : text));
        } catch (NumberFormatException e) {
            throw new InvalidRequestException(text, "not a ticket: '" + text + "'; 'agentcoord locks' lists them");
        }
    }

    @Override
    public int compareTo(TicketId other) {
        return Long.compare(position, other.position);
    }

    @Override
    public String toString() {
        return "#" + position;
    }
}
