package dev.agentcoord;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one delivery of a task ended.
 *
 * @param delivery its number, the first is 1; never reset
 * @param outcome how it ended
 * @param text its result or cause; empty when nothing was said
 * @param agent who had claimed it; empty where that is not known any more
 * @param moment when it ended, by the wall clock of whoever ended it, for people; null where that is not known
 */
public record TaskAttempt(
        int delivery,
        Outcome outcome,
        String text,
        String agent,
        @Nullable Instant moment) {
    /** When it ended, where that is known. */
    public Optional<Instant> ended() {
        return Optional.ofNullable(moment);
    }

    /** How a delivery of a task can end: by its claimer, by the end of its claimer, or by somebody who cancels the task. */
    public enum Outcome {
        /** Completed. */
        DONE,
        /** Failed by its claimer, to be tried again or not. */
        FAILED,
        /** Given back by its claimer; counts as no attempt. */
        RELEASED,
        /** Passed on by its claimer; counts as no attempt. */
        HANDED_OFF,
        /** Its claimer ended without a word. */
        DIED,
        /** The task was cancelled. */
        CANCELLED
    }
}
