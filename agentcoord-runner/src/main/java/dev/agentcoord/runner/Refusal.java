package dev.agentcoord.runner;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;

/** A command that cannot be done as asked: the reason in one line, what to type next, and the exit code. */
public final class Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final String PREFIX = "agentcoord: ";
    private static final String NEXT = " Next: ";

    private final int exitCode;
    private final String next;
    private final transient Map<String, Object> details = new LinkedHashMap<>();

    private Refusal(int exitCode, String reason, String next) {
        super(reason);
        this.exitCode = exitCode;
        this.next = next;
    }

    /** Something is missing or broken: exit code 1. */
    public static Refusal failed(String reason, String next) {
        return new Refusal(1, reason, next);
    }

    /** It was asked for in a wrong way: exit code 2. */
    public static Refusal usage(String reason, String next) {
        return new Refusal(2, reason, next);
    }

    /** Somebody else has it: exit code 3. */
    public static Refusal conflict(String reason, String next) {
        return new Refusal(3, reason, next);
    }

    /** The wait is over and there is still nothing: exit code 75. */
    public static Refusal timedOut(String reason, String next) {
        return new Refusal(75, reason, next);
    }

    /** What another process of agentcoord said on its one line, with its exit code. */
    public static Refusal relayed(int exitCode, String line) {
        String text = line.startsWith(PREFIX) ? line.substring(PREFIX.length()) : line;
        int next = text.lastIndexOf(NEXT);
        if (next < 0) {
            return new Refusal(exitCode, text, "agentcoord doctor");
        }
        String reason = text.substring(0, next);
        reason = reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
        return new Refusal(exitCode, reason, text.substring(next + NEXT.length()));
    }

    /** Whether a line ends in what to type next, so that {@link #relayed} finds it. */
    public static boolean saysNext(String line) {
        return line.contains(NEXT);
    }

    /** How a reason and what to type next are shown: one line with both. */
    public static String line(String reason, String next) {
        return PREFIX + text(reason, next);
    }

    /** The same without the program's name, for where that is said already. */
    public static String text(String reason, String next) {
        return reason + (reason.endsWith("?") ? "" : ".") + NEXT + next;
    }

    /** With something more that only programs are told, in the JSON of the error. */
    public Refusal with(String name, Object value) {
        details.put(name, value);
        return this;
    }

    /** What only programs are told. */
    public Map<String, Object> details() {
        return details;
    }

    /** The exit code. */
    public int exitCode() {
        return exitCode;
    }

    /** What to type next. */
    public String next() {
        return next;
    }
}
