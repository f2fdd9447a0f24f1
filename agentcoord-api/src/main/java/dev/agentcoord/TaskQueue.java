package dev.agentcoord;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hands tasks to sessions: each delivered at least once, to one claimer at a time, ended exactly once. Order is priority, then enqueue
 * order. Thread-safe.
 */
public interface TaskQueue {
    /** Its name in the space. */
    String name();

    /**
     * Adds tasks, at most 1 000, in their order, all or none, and returns when they are durable, which costs little more than one does.
     * One whose id is known, or whose dedup key is of a task that has not ended, is returned as that task. Throws
     * {@link QueueFullException}, and {@link InvalidRequestException} for a dependency that is unknown or cancelled.
     */
    List<TaskInfo> enqueueAll(List<NewTask> tasks);

    /** Adds one task, as {@link #enqueueAll} does. An ended task's id is known for 24 hours at least. */
    default TaskInfo enqueue(NewTask task) {
        return enqueueAll(List.of(task)).get(0);
    }

    /** Claims the first ready task that this session may claim, or returns empty when there is none now. */
    Optional<Claim> tryClaim();

    /** Waits for a task; throws {@link WaitTimeoutException} when the wait is over, {@link SessionLostException}. */
    Claim claim(Wait wait) throws InterruptedException;

    /** One task by id, in whatever state; empty when unknown, or ended and not kept any more. */
    Optional<TaskInfo> find(TaskId id);

    /** How the latest deliveries of a task ended, at most 100, the earliest first; empty when none has. */
    List<TaskAttempt> history(TaskId id);

    /** Up to {@code limit} tasks of a state that come after a cursor, the first ones after an empty one. */
    TaskPage list(TaskState state, String cursor, int limit);

    /** The first tasks of a state, in delivery order, scheduled ones by their time: a look at what is next. */
    default List<TaskInfo> list(TaskState state, int limit) {
        return list(state, "", limit).tasks();
    }

    /** Depth by state, age of the oldest ready task, settings. Where many tasks change meanwhile the numbers are of several moments. */
    QueueStatus status();

    /** How many tasks are in each state; states without tasks count 0. */
    default Map<TaskState, Integer> depth() {
        return status().depth();
    }

    /** Cancelling, redriving, pausing, bounds. */
    QueueControl control();
}
