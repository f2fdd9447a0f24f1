package dev.agentcoord;

import java.math.BigInteger;
import java.security.SecureRandom;

/**
 * 128 random bits that name one session for ever; never reused.
 *
 * @param text 26 lower-case base-32 characters
 */
public record SessionId(String text) implements Comparable<SessionId> {
    private static final int LENGTH = 26;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Validates; throws {@link InvalidRequestException} for anything but 26 base-32 characters. */
    public SessionId {
        if (!isId(text)) {
            throw new InvalidRequestException(text, "not a session id: '" + text + "'; 'agentcoord ls' lists them");
        }
    }

    /** A new id from the system's secure random source. */
    public static SessionId random() {
        String digits = new BigInteger(128, RANDOM).toString(32);
        return new SessionId("0".repeat(LENGTH - digits.length()) + digits);
    }

    private static boolean isId(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'v')) {
                return false;
            }
        }
        return text.length() == LENGTH;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionId that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
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
