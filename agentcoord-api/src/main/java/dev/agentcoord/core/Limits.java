package dev.agentcoord.core;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import java.nio.charset.StandardCharsets;

/** The published limits (contract L12), checked before anything is sent. */
public final class Limits {
    /** Items and pools in one request. */
    public static final int ITEMS_PER_REQUEST = 256;
    /** Live tickets in a space. */
    public static final int TICKETS_PER_SPACE = 4_096;
    /** Live tickets of one session, so that one agent cannot fill a space. */
    public static final int TICKETS_PER_SESSION = 512;
    /** Bytes of a state value or task payload. */
    public static final int VALUE_BYTES = 64 * 1024;
    /** Bytes of a key or name. */
    public static final int KEY_BYTES = 512;
    /** Bytes of a reason. */
    public static final int REASON_BYTES = 1_024;
    /** Thefts a space remembers. */
    public static final int THEFTS = 256;
    /** Requests for a release that stand before one session, and that it is told of within a minute. */
    public static final int RELEASE_REQUESTS = 16;
    /** Entries in one page of a listing. */
    public static final int PAGE = 1_000;

    private Limits() {}

    /** Refuses a request of more items than {@link #ITEMS_PER_REQUEST}. */
    public static void items(Object request, int count) {
        if (count > ITEMS_PER_REQUEST) {
            throw new LimitExceededException(
                    request,
                    "a request names at most " + ITEMS_PER_REQUEST + " items, got " + count + "; lock a tree or glob");
        }
    }

    /** Returns the value, or refuses one of more bytes than {@link #VALUE_BYTES}. */
    public static byte[] value(String what, byte[] value) {
        if (value.length > VALUE_BYTES) {
            throw new LimitExceededException(
                    what, what + " is at most " + VALUE_BYTES + " bytes, got " + value.length + "; store a path to it");
        }
        return value;
    }

    /** Returns the size of a page, or refuses one that is not within 1 and {@link #PAGE}. */
    public static int page(int limit) {
        if (limit < 1 || limit > PAGE) {
            throw new LimitExceededException(limit, "a page has 1 to " + PAGE + " entries, got " + limit);
        }
        return limit;
    }

    /** Returns the reason, or refuses one that is too long or has control characters. */
    public static String reason(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > REASON_BYTES) {
            throw new LimitExceededException(text, "a reason is at most " + REASON_BYTES + " bytes");
        }
        if (text.codePoints().anyMatch(Canonical::isUnprintable)) {
            throw new InvalidRequestException(text, "a reason is one line of valid Unicode without control characters");
        }
        return text;
    }
}
