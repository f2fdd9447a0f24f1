package dev.agentcoord.core.queue;

import java.time.Duration;

/** How one delivery of a task ends. */
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
        @Override
        public String text() {
            return cause;
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
}
