package dev.agentcoord.harness.history;

/**
 * One session of an agent, from its start to its end.
 *
 * @param name of the agent and the number of its life
 * @param aliveUntil nanoseconds at which it was certainly still alive; {@link Call#NEVER} if it ended by itself, 0 where nobody can tell
 * @param deadSince nanoseconds from which it was certainly dead; {@link Call#NEVER} if it ended by itself
 */
public record Life(String name, long aliveUntil, long deadSince) {
    private static final long UNCERTAIN = 0;

    /** An agent that closed its session and ended by itself. */
    public static Life ended(String name) {
        return new Life(name, Call.NEVER, Call.NEVER);
    }

    /** An agent that was killed between two moments. */
    public static Life killed(String name, long aliveUntil, long deadSince) {
        return new Life(name, aliveUntil, deadSince);
    }

    /** The same where silence ends a session: it may have been over before its agent was, or before its agent heard of that. */
    public Life uncertain() {
        return new Life(name, UNCERTAIN, deadSince);
    }

    /** Whether it may have been over while its agent lived. */
    public boolean isUncertain() {
        return aliveUntil == UNCERTAIN;
    }

    /** Whether it ended by a signal, at any of its moments. */
    public boolean wasKilled() {
        return deadSince != Call.NEVER;
    }

    @Override
    public String toString() {
        return name;
    }
}
