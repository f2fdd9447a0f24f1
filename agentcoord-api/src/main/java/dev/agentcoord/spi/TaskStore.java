package dev.agentcoord.spi;

import dev.agentcoord.NewTask;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One queue as seen by one session. Transitions are exactly once; claims of sessions proven dead are given back by whoever meets them. */
public interface TaskStore {
    /** Stores a task durably and makes it claimable at its time; an id already known returns that task unchanged. */
    TaskInfo enqueue(NewTask task);

    /** Delivers the first ready task to this session, or empty. */
    Optional<Delivery> claim();

    /** Ends a delivery of this session; throws {@link dev.agentcoord.StaleClaimException} when it is no longer the task's current one. */
    void finish(Delivery delivery, Ending ending);

    /** One task in whatever state. */
    Optional<TaskInfo> find(TaskId id);

    /** Up to {@code limit} tasks of a state, in delivery order. */
    List<TaskInfo> list(TaskState state, int limit);

    /** How many tasks are in each state. */
    Map<TaskState, Integer> depth();

    /** Calls the hint whenever a claim that found nothing may now find something. */
    Subscription onReady(Runnable hint);
}
