package dev.agentcoord.testkit.memory;

import dev.agentcoord.FencingToken;
import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Admission;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.spi.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One task and where it stands. Guarded by its {@link MemoryQueue}. */
final class MemoryTask {
    /** The order of delivery: priority, then enqueue order. */
    static final Comparator<MemoryTask> ORDER =
            Comparator.comparingInt((MemoryTask task) -> task.what.priority()).thenComparingLong(task -> task.number);

    final NewTask what;
    final TaskId id;
    final long number;
    final SessionId by;
    final Instant enqueued;
    final List<TaskAttempt> history = new ArrayList<>();
    TaskState state = TaskState.READY;
    Admission admission = Admission.ADMITTED;
    long readyAt;
    long parkedAt;
    Route route;
    int attempts;
    int deliveries;
    String outcome = "";

    @Nullable Instant ended;

    @Nullable MemorySession claimer;

    MemoryTask(NewTask what, TaskId id, long number, SessionId by, Instant enqueued) {
        this.what = what;
        this.id = id;
        this.number = number;
        this.by = by;
        this.enqueued = enqueued;
        this.route = Route.of(what);
    }

    Route route() {
        return route;
    }

    boolean isPending() {
        return !state.isEnd();
    }

    /** Whether it keeps the others of its ordering key in line. */
    boolean holdsKey(String key) {
        return isPending()
                && what.orderingKey().filter(key::equals).isPresent()
                && (state == TaskState.CLAIMED || admission != Admission.IN_LINE);
    }

    TaskInfo info() {
        TaskInfo info = new TaskInfo(what, id, state, attempts, enqueued, outcome).recipient(route().recipient());
        return claimer == null ? info : info.claimer(claimer.id());
    }

    Delivery delivery(long incarnation) {
        return new Delivery(info(), deliveries, new FencingToken(incarnation, number, deliveries));
    }
}
