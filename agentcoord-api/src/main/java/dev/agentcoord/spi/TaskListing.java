package dev.agentcoord.spi;

import dev.agentcoord.QueueSettings;
import dev.agentcoord.QueueStatus;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskState;
import java.util.List;
import java.util.Optional;

/**
 * What is to be seen of a queue: single tasks, pages of them by state, their deliveries and counts, for people and tools. Thread-safe.
 */
public interface TaskListing {
    /** One task in whatever state. */
    Optional<TaskInfo> find(TaskId id);

    /** How the latest deliveries of a task ended, at most {@code limit}, the earliest first. */
    List<TaskAttempt> history(TaskId id, int limit);

    /** Up to {@code limit} tasks of a state after a cursor of an earlier page, in delivery order; from the first after an empty one. */
    TaskPage list(TaskState state, String cursor, int limit);

    /** Depth by state, the age of the oldest ready task, and the settings. */
    QueueStatus status();

    /** The settings. */
    QueueSettings settings();
}
