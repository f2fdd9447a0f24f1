package dev.agentcoord.core;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * The published limits, checked before anything is sent or stored; what exceeds one is a {@link LimitExceededException}
 * that names it. Stateless.
 */
public final class Limits {
    /** Items and pools in one request. */
    public static final int ITEMS_PER_REQUEST = 256;
    /** Live tickets in a space. */
    public static final int TICKETS_PER_SPACE = 4_096;
    /** Live tickets of one session, so that one agent cannot fill a space. */
    public static final int TICKETS_PER_SESSION = 512;
    /** Bytes of a state value or task payload. */
    public static final int VALUE_BYTES = 64 * 1024;
    /** Conditions, writes and keys to read in one transaction. */
    public static final int TXN_OPS = 64;
    /** Bytes of all values in one transaction, so that it fits into one message of any store. */
    public static final int TXN_BYTES = 512 * 1024;
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

    /** Tasks one task may wait for. */
    public static final int DEPENDENCIES = 64;
    /** Capabilities one task may require, or one agent may offer. */
    public static final int CAPABILITIES = 16;
    /** Bytes of all that a joining agent says of itself in free words: role, terminal and labels. */
    public static final int DESCRIPTION_BYTES = 4 * 1024;
    /** Processes beside the calling one that keep a session alive. */
    public static final int PROCESSES = 64;
    /** Tasks in one batch. */
    public static final int BATCH = 1_000;

    private static final int CAPABILITY_BYTES = 64;
    private static final Duration LONGEST_DELAY = Duration.ofDays(365_000);

    private Limits() {}

    /** Returns the delay, or refuses one that is negative or beyond a thousand years. */
    public static Duration delay(Duration value) {
        if (value.isNegative()) {
            throw new InvalidRequestException(value, "a delay cannot be negative: " + value);
        }
        if (value.compareTo(LONGEST_DELAY) > 0) {
            throw new InvalidRequestException(value, "a delay is at most 365000 days, got " + value.toDays());
        }
        return value;
    }

    /** Returns a copy of the headers, or refuses them when together they exceed {@link #VALUE_BYTES}. */
    public static Map<String, String> headers(Map<String, String> pairs) {
        Map<String, String> copy = Map.copyOf(pairs);
        long bytes = bytes(copy);
        if (bytes > VALUE_BYTES) {
            throw new LimitExceededException(
                    pairs.keySet(),
                    "headers have at most " + VALUE_BYTES + " bytes, got " + bytes + "; use the payload");
        }
        return copy;
    }

    private static long bytes(Map<String, String> pairs) {
        return pairs.entrySet().stream()
                .mapToLong(pair -> bytes(pair.getKey()) + bytes(pair.getValue()))
                .sum();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Refuses what an agent says of itself when together it exceeds {@link #DESCRIPTION_BYTES}: everybody reads the records of all. */
    public static void description(String role, String terminal, Map<String, String> labels) {
        long bytes = bytes(role) + bytes(terminal) + bytes(labels);
        if (bytes > DESCRIPTION_BYTES) {
            throw new LimitExceededException(
                    labels.keySet(),
                    "role, terminal and labels of an agent have at most " + DESCRIPTION_BYTES + " bytes, got " + bytes
                            + "; put the rest into the shared state");
        }
    }

    /** Refuses more processes of one session than {@link #PROCESSES}. */
    public static void processes(int count) {
        if (count > PROCESSES) {
            throw new LimitExceededException(
                    count,
                    "at most " + PROCESSES + " further processes keep a session alive, got " + count
                            + "; name the one that started them");
        }
    }

    /** Returns a copy of the words, or refuses more than {@link #CAPABILITIES}, and a word that is empty, long or unprintable. */
    public static Set<String> capabilities(Set<String> words) {
        if (words.size() > CAPABILITIES) {
            throw new LimitExceededException(
                    words,
                    "a task requires and an agent offers at most " + CAPABILITIES + " capabilities, got "
                            + words.size());
        }
        for (String word : words) {
            int length = bytes(word);
            if (length == 0
                    || length > CAPABILITY_BYTES
                    || word.indexOf(',') >= 0
                    || word.codePoints().anyMatch(Canonical::isUnprintable)) {
                throw new InvalidRequestException(
                        word,
                        "a capability has 1 to " + CAPABILITY_BYTES + " bytes without commas or control characters");
            }
        }
        return Set.copyOf(words);
    }

    /** Returns a copy of the ids, or refuses more than {@link #DEPENDENCIES}. */
    public static Set<TaskId> dependencies(Set<TaskId> tasks) {
        if (tasks.size() > DEPENDENCIES) {
            throw new LimitExceededException(
                    tasks, "a task waits for at most " + DEPENDENCIES + " others, got " + tasks.size());
        }
        return Set.copyOf(tasks);
    }

    /** Refuses a batch of more tasks than {@link #BATCH}. */
    public static void batch(int count) {
        if (count > BATCH) {
            throw new LimitExceededException(
                    count, "a batch has at most " + BATCH + " tasks, got " + count + "; split it");
        }
    }

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
        int bytes = bytes(text);
        if (bytes > REASON_BYTES) {
            throw new LimitExceededException(
                    text, "a reason is at most " + REASON_BYTES + " bytes, got " + bytes + "; say it shorter");
        }
        if (text.codePoints().anyMatch(Canonical::isUnprintable)) {
            throw new InvalidRequestException(text, "a reason is one line of valid Unicode without control characters");
        }
        return text;
    }
}
