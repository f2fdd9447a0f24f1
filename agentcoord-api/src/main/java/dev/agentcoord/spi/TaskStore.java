package dev.agentcoord.spi;

import dev.agentcoord.NewTask;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.core.queue.Ending;
import java.util.List;
import java.util.Optional;

/**
 * One queue as seen by one session. Transitions are exactly once; claims of sessions proven dead are given back by whoever meets them.
 * What is decided from facts, such as who may claim what and where a task goes next, is in {@code core.queue}. Thread-safe.
 */
public interface TaskStore extends TaskListing {
    /**
     * Stores tasks durably, in their order, all or none. One whose id is known, or whose dedup key belongs to a task that has not ended,
     * is answered with that task. Throws {@link dev.agentcoord.QueueFullException} and, for a dependency that is unknown or cancelled,
     * {@link dev.agentcoord.InvalidRequestException}.
     */
    List<TaskInfo> enqueue(List<NewTask> tasks);

    /** Delivers the first ready task that admits this session, or one of the first 8 where order is loose; empty when there is none. */
    Optional<Delivery> claim();

    /** Ends a delivery of this session; throws {@link dev.agentcoord.StaleClaimException} when it is no longer the task's current one. */
    void finish(Delivery delivery, Ending ending);

    /** Cancels a task in whatever state, and those that depend on it; false when it is done or cancelled, or unknown. */
    boolean cancel(TaskId id, String reason);

    /** Makes a dead letter pending again with no attempt counted; false when it is not dead, or unknown. */
    boolean redrive(TaskId id);

    /** Replaces the settings, durably. */
    void configure(QueueSettings settings);

    /** Calls the hint when a claim of this session that found nothing may now find something; one consumer for each task, not all. */
    Subscription onReady(Runnable hint);
}
