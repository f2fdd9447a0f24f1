package dev.agentcoord.testkit.memory;

import dev.agentcoord.FencingToken;
import dev.agentcoord.NewTask;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.spi.Delivery;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** One task and where it stands. Guarded by its {@link MemoryQueue}. */
final class MemoryTask {
    /** The order of delivery: priority, then enqueue order. */
    static final Comparator<MemoryTask> ORDER =
            Comparator.comparingInt((MemoryTask task) -> task.what.priority()).thenComparingLong(task -> task.number);

    final NewTask what;
    final TaskId id;
    final long number;
    final Instant enqueued;
    TaskState state = TaskState.READY;
    long readyAt;
    int attempts;
    int deliveries;
    String outcome = "";

    @Nullable MemorySession claimer;

    MemoryTask(NewTask what, TaskId id, long number, Instant enqueued) {
        this.what = what;
        this.id = id;
        this.number = number;
        this.enqueued = enqueued;
    }

    TaskInfo info() {
        return new TaskInfo(what, id, state, attempts, enqueued, outcome);
    }

    Delivery delivery(long incarnation) {
        return new Delivery(info(), deliveries, new FencingToken(incarnation, number, deliveries));
    }
}
