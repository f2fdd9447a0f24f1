package dev.agentcoord;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a queue stands, for people.
 *
 * @param depth how many tasks are in each state; a state without tasks counts 0
 * @param waiting how long ago the READY task that waits longest was enqueued, by wall clocks; null where none is
 * @param settings as they are
 */
public record QueueStatus(
        Map<TaskState, Integer> depth, @Nullable Duration waiting, QueueSettings settings) {
    /** Copies. */
    public QueueStatus {
        depth = Map.copyOf(depth);
    }

    /** The age of the oldest READY task, where there is one. */
    public Optional<Duration> oldest() {
        return Optional.ofNullable(waiting);
    }

    /** Tasks that have not ended. */
    public int pending() {
        return depth.entrySet().stream()
                .filter(entry -> !entry.getKey().isEnd())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
