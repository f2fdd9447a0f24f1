package dev.agentcoord.testkit.memory;

import dev.agentcoord.NewTask;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.QueueStatus;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.TaskStore;
import java.util.List;
import java.util.Optional;

/** A queue as one session may use it. Thread-safe. */
final class MemoryTasks implements TaskStore {
    private final MemoryBackend backend;
    private final String name;
    private final MemoryQueue queue;
    private final MemorySession session;

    MemoryTasks(MemoryBackend backend, String name, MemorySession session) {
        this.backend = backend;
        this.name = name;
        this.queue = backend.queue(name);
        this.session = session;
    }

    @Override
    public List<TaskInfo> enqueue(List<NewTask> tasks) {
        return open().enqueue(session, tasks);
    }

    @Override
    public Optional<Delivery> claim() {
        return backend.takingOver(name, () -> queue.claim(session));
    }

    @Override
    public void finish(Delivery delivery, Ending ending) {
        backend.leaving(name, delivery.task().id(), () -> queue.finish(session, delivery, ending));
    }

    @Override
    public boolean cancel(TaskId id, String reason) {
        return backend.ending(() -> open().cancel(id, reason));
    }

    @Override
    public boolean redrive(TaskId id) {
        return backend.ending(() -> open().redrive(id));
    }

    @Override
    public Optional<TaskInfo> find(TaskId id) {
        return open().find(id);
    }

    @Override
    public List<TaskAttempt> history(TaskId id, int limit) {
        return open().history(id, limit);
    }

    @Override
    public TaskPage list(TaskState state, String cursor, int limit) {
        return open().list(state, cursor, limit);
    }

    @Override
    public QueueStatus status() {
        return open().status();
    }

    @Override
    public QueueSettings settings() {
        return open().settings();
    }

    @Override
    public void configure(QueueSettings settings) {
        open().configure(settings);
    }

    @Override
    public Subscription onReady(Runnable hint) {
        return queue.onReady(session, hint);
    }

    private MemoryQueue open() {
        session.ensureOpen();
        return queue;
    }
}
