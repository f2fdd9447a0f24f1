package dev.agentcoord.testkit.memory;

import dev.agentcoord.NewTask;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.TaskStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A queue as one session may use it. Thread-safe. */
final class MemoryTasks implements TaskStore {
    private final MemoryQueue queue;
    private final MemorySession session;

    MemoryTasks(MemoryQueue queue, MemorySession session) {
        this.queue = queue;
        this.session = session;
    }

    @Override
    public TaskInfo enqueue(NewTask task) {
        return open().enqueue(task);
    }

    @Override
    public Optional<Delivery> claim() {
        return queue.claim(session);
    }

    @Override
    public void finish(Delivery delivery, Ending ending) {
        queue.finish(session, delivery, ending);
    }

    @Override
    public Optional<TaskInfo> find(TaskId id) {
        return open().find(id);
    }

    @Override
    public List<TaskInfo> list(TaskState state, int limit) {
        return open().list(state, limit);
    }

    @Override
    public Map<TaskState, Integer> depth() {
        return open().depth();
    }

    @Override
    public Subscription onReady(Runnable hint) {
        return queue.onReady(hint);
    }

    private MemoryQueue open() {
        session.ensureOpen();
        return queue;
    }
}
