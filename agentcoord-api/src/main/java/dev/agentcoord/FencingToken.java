package dev.agentcoord;

import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Grows strictly over conflicting exclusive grants in the order granted, so a resource can refuse whoever comes late with an old one.
 * Printable, sortable as text, immutable.
 *
 * @param incarnation of the store; a later store has a larger one
 * @param position of the ticket in the space's total order
 * @param generation raised when the ticket is handed over, else 0
 */
public record FencingToken(long incarnation, long position, int generation) implements Comparable<FencingToken> {
    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern TEXT = Pattern.compile("([0-9a-f]{12})-([0-9a-f]{16})-([0-9a-f]{8})");

    /** Validates; throws {@link InvalidRequestException} for a negative part. */
    public FencingToken {
        if (incarnation < 0 || incarnation >= 1L << 48 || position < 0 || generation < 0) {
            throw new InvalidRequestException(
                    position, "not a fencing token: " + incarnation + ", " + position + ", " + generation);
        }
    }

    /** Reads the form {@link #toString} prints; throws {@link InvalidRequestException} for anything else. */
    public static FencingToken parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new InvalidRequestException(text, "not a fencing token: '" + text + "'");
        }
        return new FencingToken(
                Long.parseLong(m.group(1), 16),
                Long.parseUnsignedLong(m.group(2), 16),
                Integer.parseUnsignedInt(m.group(3), 16));
    }

    /** Orders by incarnation, then position, then generation: the later grant is the larger token. */
    @Override
    public int compareTo(FencingToken other) {
        int c = Long.compare(incarnation, other.incarnation);
        c = c != 0 ? c : Long.compare(position, other.position);
        return c != 0 ? c : Integer.compare(generation, other.generation);
    }

    /** Fixed-width lower-case hexadecimal, so that text order is token order. */
    @Override
    public String toString() {
        return HEX.toHexDigits(incarnation, 12) + '-' + HEX.toHexDigits(position) + '-' + HEX.toHexDigits(generation);
    }
}
