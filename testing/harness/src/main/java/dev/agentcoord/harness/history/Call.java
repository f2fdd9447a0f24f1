package dev.agentcoord.harness.history;

/**
 * One call of an agent, on the host's monotonic clock, which all of its processes share.
 *
 * @param invoked nanoseconds before the call began
 * @param completed nanoseconds after it returned; {@link #NEVER} where the outcome is unknown
 * @param outcome how it ended
 */
public record Call(long invoked, long completed, Outcome outcome) {
    /** Later than everything. */
    public static final long NEVER = Long.MAX_VALUE;

    /** How a call ended. */
    public enum Outcome {
        /** It did what was asked. */
        OK,
        /** It was refused because others stood in the way. */
        REFUSED,
        /** What it was about had been lost, or was not held. */
        LOST,
        /** It failed with an error. */
        FAILED,
        /** Nobody can tell whether it had an effect. */
        UNKNOWN
    }

    /** A call whose agent ended, or lost its connection, before the answer came. */
    public static Call unanswered(long invoked) {
        return new Call(invoked, NEVER, Outcome.UNKNOWN);
    }

    /** Whether it did what was asked. */
    public boolean succeeded() {
        return outcome == Outcome.OK;
    }

    /** Whether it certainly left nothing behind that it did not say. */
    public boolean isSettled() {
        return outcome != Outcome.UNKNOWN && outcome != Outcome.FAILED;
    }

    /** Whether it may have had the effect that it was meant to have. */
    public boolean mayHaveSucceeded() {
        return succeeded() || !isSettled();
    }

    /** Whether it was over before another one began. */
    public boolean precedes(Call other) {
        return completed < other.invoked;
    }
}
