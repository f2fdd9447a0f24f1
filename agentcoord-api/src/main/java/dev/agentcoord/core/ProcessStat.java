package dev.agentcoord.core;

import java.util.Optional;

/**
 * What one line of {@code /proc/PID/stat} says, see proc(5). Immutable.
 *
 * @param state a letter: {@code R}, {@code S}, {@code D}, {@code Z}, {@code T}, {@code t}, {@code X} ...
 * @param parent its parent's pid
 * @param session the id of its session of processes (setsid)
 * @param threads how many it has
 * @param startTicks when it started, in clock ticks since boot; with the pid an identity
 */
public record ProcessStat(String state, long parent, long session, long threads, long startTicks) {
    // Counted after the command name in brackets, which may itself hold anything.
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int SESSION = 3;
    private static final int THREADS = 17;
    private static final int START = 19;

    /** Reads a line; empty for one that is cut short, as that of a process that is just going. */
    public static Optional<ProcessStat> parse(String line) {
        String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= START) {
            return Optional.empty();
        }
        return Optional.of(new ProcessStat(
                fields[STATE],
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[SESSION]),
                Long.parseLong(fields[THREADS]),
                Long.parseLong(fields[START])));
    }
}
