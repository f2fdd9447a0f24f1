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

    /** Adds a task and returns when it is durable; an id already known returns that task. Throws {@link QueueFullException}. */
    TaskInfo enqueue(NewTask task);

    /** Claims the first ready task, or returns empty when there is none now. */
    Optional<Claim> tryClaim();

    /** Waits for a task; throws {@link WaitTimeoutException} when the wait is over, {@link SessionLostException}. */
    Claim claim(Wait wait) throws InterruptedException;

    /** One task by id, in whatever state; empty when unknown. */
    Optional<TaskInfo> find(TaskId id);

    /** Up to {@code limit} tasks of a state, in delivery order. */
    List<TaskInfo> list(TaskState state, int limit);

    /** How many tasks are in each state; states without tasks count 0. */
    Map<TaskState, Integer> depth();
}
