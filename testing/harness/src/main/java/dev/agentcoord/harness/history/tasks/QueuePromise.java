package dev.agentcoord.harness.history.tasks;

import java.time.Duration;

/**
 * What a backend promises of its queues beyond what all do.
 *
 * @param window a claim gets one of that many first tasks; 1 for strict order
 * @param grace how long a dead claimer's tasks may stay with it
 * @param punctuality how much later than its time a delayed task may be ready
 */
public record QueuePromise(int window, Duration grace, Duration punctuality) {
    /** Strict order on one host; a second until a death is noticed, and one more for a busy machine. */
    public static QueuePromise strict() {
        return new QueuePromise(1, Duration.ofSeconds(2), Duration.ofMillis(20));
    }

    /** Any of the first eight, claimers believed dead a session's time after their death. */
    public static QueuePromise loose(Duration sessionTimeout) {
        return new QueuePromise(8, sessionTimeout.multipliedBy(2), Duration.ofSeconds(2));
    }
}
