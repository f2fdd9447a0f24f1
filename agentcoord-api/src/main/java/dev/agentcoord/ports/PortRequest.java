package dev.agentcoord.ports;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.Limits;

/**
 * Which port is wanted: any one of a range, under a name by which the same agent gets the same number again. Immutable; each method
 * returns a changed copy.
 *
 * @param name 1 to 48 characters of {@code [a-z0-9-]}, such as {@code web}
 * @param first lowest number, at least 1
 * @param last highest number, at most 65 535
 * @param reason shown to everyone it blocks; empty when unsaid
 */
public record PortRequest(String name, int first, int last, String reason) {
    /** Lowest number where no range was given. */
    public static final int FIRST = 3_000;
    /** Highest number where no range was given; below what Linux hands out to outgoing connections. */
    public static final int LAST = 3_999;
    /** Numbers in one range. */
    public static final int WIDEST = 4_096;

    private static final int HIGHEST = 65_535;

    /** Validates; throws {@link InvalidRequestException} and {@link LimitExceededException}. */
    public PortRequest {
        name = Canonical.agentName(name);
        if (first < 1 || last > HIGHEST || first > last) {
            throw new InvalidRequestException(
                    name, "no ports are " + first + "-" + last + "; write a range within 1-" + HIGHEST);
        }
        if (last - first >= WIDEST) {
            throw new LimitExceededException(
                    name, "a range has at most " + WIDEST + " ports, got " + first + "-" + last + "; ask for fewer");
        }
        reason = Limits.reason(reason);
        Limits.reason(Permit.reason(name, reason));
    }

    /** Any port from {@link #FIRST} to {@link #LAST}; throws {@link InvalidRequestException} for a bad name. */
    public static PortRequest named(String name) {
        return new PortRequest(name, FIRST, LAST, "");
    }

    /** From another range, both ends included; throws {@link InvalidRequestException} when there is no such. */
    public PortRequest range(int lowest, int highest) {
        return new PortRequest(name, lowest, highest, reason);
    }

    /** Just this number; throws {@link InvalidRequestException} when it is none. */
    public PortRequest number(int number) {
        return range(number, number);
    }

    /** With a reason; one line, throws {@link LimitExceededException} past 1 024 bytes. */
    public PortRequest reason(String text) {
        return new PortRequest(name, first, last, text);
    }

    /** Whether the number is in the range. */
    boolean includes(long number) {
        return first <= number && number <= last;
    }

    /** As the command line writes it: {@code web=3000-3999}, {@code web=3000}. */
    @Override
    public String toString() {
        return name + "=" + first + (first == last ? "" : "-" + last);
    }
}
