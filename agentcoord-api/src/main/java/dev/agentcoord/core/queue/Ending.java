package dev.agentcoord.core.queue;

import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskState;
import java.time.Duration;

/** How one delivery of a task ends: for good, or so that the task is delivered once more. Immutable; the same for every backend. */
public sealed interface Ending {
    /** What is kept with the task: its result or the cause of its failure; empty when nothing was said. */
    String text();

    /**
     * Completed for good.
     *
     * @param result kept with the task
     */
    record Done(String result) implements Ending {
        @Override
        public String text() {
            return result;
        }
    }

    /**
     * To be delivered again.
     *
     * @param delay until then
     * @param cause of the failed attempt; empty when it was given back
     * @param counts whether the delivery counts as an attempt
     */
    record Again(Duration delay, String cause, boolean counts) implements Ending {
        /** Given back by whoever claimed it and has not heard of it, or cannot say so. */
        public static Again unheard() {
            return new Again(Duration.ZERO, "", false);
        }

        @Override
        public String text() {
            return cause;
        }
    }

    /**
     * Passed on to somebody else; not an attempt.
     *
     * @param to who may claim it next, whoever could before
     * @param note kept with the delivery, for the receiver
     */
    record HandedOff(Route to, String note) implements Ending {
        @Override
        public String text() {
            return note;
        }
    }

    /**
     * Failed for good.
     *
     * @param cause kept with the dead letter
     */
    record Dead(String cause) implements Ending {
        @Override
        public String text() {
            return cause;
        }
    }

    /**
     * Taken back, by somebody else than its claimer.
     *
     * @param reason kept with the task
     */
    record Cancelled(String reason) implements Ending {
        @Override
        public String text() {
            return reason;
        }
    }

    /** Whether the task ends with it, so that its keys and locks are free and what depends on it is looked at. */
    default boolean isEnd() {
        return !(this instanceof Again || this instanceof HandedOff);
    }

    /** The state that the task ends in; throws {@link IllegalStateException} where it does not end. */
    default TaskState end() {
        if (!isEnd()) {
            throw new IllegalStateException("the task does not end with " + this);
        }
        return this instanceof Done ? TaskState.DONE : this instanceof Dead ? TaskState.DEAD : TaskState.CANCELLED;
    }

    /** How a delivery that ends so ended, for its history. */
    default TaskAttempt.Outcome outcome() {
        if (this instanceof Done) {
            return TaskAttempt.Outcome.DONE;
        }
        if (this instanceof HandedOff) {
            return TaskAttempt.Outcome.HANDED_OFF;
        }
        if (this instanceof Cancelled) {
            return TaskAttempt.Outcome.CANCELLED;
        }
        return this instanceof Again again && !again.counts()
                ? TaskAttempt.Outcome.RELEASED
                : TaskAttempt.Outcome.FAILED;
    }
}
