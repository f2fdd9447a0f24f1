package dev.agentcoord.harness.history.tasks;

import java.util.Optional;

/**
 * A task as it was meant to be enqueued.
 *
 * @param queue that it belongs to
 * @param id its id in the queue
 * @param priority 0 is first
 * @param maxAttempts after which it is dead
 * @param delay nanoseconds from its enqueue until it may be delivered
 * @param key its ordering key, if it has one
 */
public record TaskSpec(String queue, String id, int priority, int maxAttempts, long delay, Optional<String> key) {
    @Override
    public String toString() {
        return queue + "/" + id;
    }
}
