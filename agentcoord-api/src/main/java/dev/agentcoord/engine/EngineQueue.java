package dev.agentcoord.engine;

import dev.agentcoord.Claim;
import dev.agentcoord.NewTask;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.core.Limits;
import dev.agentcoord.spi.TaskStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One queue as one session sees it: waiting and finishing here, transitions by the backend. Thread-safe. */
final class EngineQueue implements TaskQueue {
    private final EngineSession session;
    private final String name;
    private final TaskStore store;

    EngineQueue(EngineSession session, String name, TaskStore store) {
        this.session = session;
        this.name = name;
        this.store = store;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public TaskInfo enqueue(NewTask task) {
        return session.call(() -> store.enqueue(task));
    }

    @Override
    public Optional<Claim> tryClaim() {
        return session.call(store::claim).map(delivery -> new EngineClaim(session, store, delivery));
    }

    @Override
    public Claim claim(Wait wait) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before claiming from " + name);
        }
        Signal signal = new Signal();
        Subscription changes = session.life().onChange(signal::raise);
        Subscription ready = store.onReady(signal::raise);
        try {
            return claim(wait, signal);
        } finally {
            ready.close();
            changes.close();
        }
    }

    private Claim claim(Wait wait, Signal signal) throws InterruptedException {
        Deadline deadline = Deadline.start(session.time(), wait);
        Backoff backoff = new Backoff();
        Optional<Claim> claim = tryClaim();
        while (claim.isEmpty()) {
            if (deadline.isOver()) {
                throw new WaitTimeoutException(
                        this, "waited " + wait + " for a task in queue '" + name + "'; none is ready", List.of());
            }
            signal.await(deadline.limit(backoff.nextNanos()));
            claim = tryClaim();
        }
        return claim.get();
    }

    @Override
    public Optional<TaskInfo> find(TaskId id) {
        return session.call(() -> store.find(id));
    }

    @Override
    public List<TaskInfo> list(TaskState state, int limit) {
        int page = Limits.page(limit);
        return session.call(() -> store.list(state, page));
    }

    @Override
    public Map<TaskState, Integer> depth() {
        return session.call(store::depth);
    }

    @Override
    public String toString() {
        return "queue " + name;
    }
}
