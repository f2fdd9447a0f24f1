package dev.agentcoord;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * 128 random bits that name one session for ever; never reused.
 *
 * @param text 26 lower-case base-32 characters
 */
public record SessionId(String text) implements Comparable<SessionId> {
    private static final Pattern TEXT = Pattern.compile("[0-9a-v]{26}");
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Validates; throws {@link InvalidRequestException} for anything but 26 base-32 characters. */
    public SessionId {
        if (!TEXT.matcher(text).matches()) {
            throw new InvalidRequestException(text, "not a session id: '" + text + "'; 'agentcoord ls' lists them");
        }
    }

    /** A new id from the system's secure random source. */
    public static SessionId random() {
        String digits = new BigInteger(128, RANDOM).toString(32);
        return new SessionId("0".repeat(26 - digits.length()) + digits);
    }

    @Override
    public int compareTo(SessionId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
