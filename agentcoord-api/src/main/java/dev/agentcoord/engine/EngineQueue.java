package dev.agentcoord.engine;

import dev.agentcoord.Claim;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.NewTask;
import dev.agentcoord.QueueControl;
import dev.agentcoord.QueueStatus;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.Wait;
import dev.agentcoord.WaitTimeoutException;
import dev.agentcoord.core.Limits;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.TaskStore;
import java.util.List;
import java.util.Optional;

/** One queue as one session sees it: waiting and finishing here, transitions by the backend. Thread-safe. */
final class EngineQueue implements TaskQueue {
    private static final int ATTEMPTS = 100;

    private final EngineSession session;
    private final String name;
    private final TaskStore store;
    private final QueueControl control;

    EngineQueue(EngineSession session, String name, TaskStore store) {
        this.session = session;
        this.name = name;
        this.store = store;
        this.control = new EngineControl(session, store);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<TaskInfo> enqueueAll(List<NewTask> tasks) {
        Limits.batch(tasks.size());
        List<NewTask> copy = List.copyOf(tasks);
        return copy.isEmpty() ? List.of() : session.change(() -> store.enqueue(copy));
    }

    @Override
    public Optional<Claim> tryClaim() {
        session.ensureOpen();
        Optional<Delivery> delivery = store.claim();
        try {
            session.settle();
        } catch (CoordinationException e) {
            // Nobody will hear of it.
            delivery.ifPresent(claimed -> session.giveBack(store, claimed));
            throw e;
        }
        return delivery.map(this::begin);
    }

    private Claim begin(Delivery delivery) {
        EngineClaim claim = new EngineClaim(session, name, store, delivery);
        session.begin(claim);
        return claim;
    }

    @Override
    public Claim claim(Wait wait) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before claiming from " + name);
        }
        // Getting in line costs a store more than a look.
        Optional<Claim> ready = tryClaim();
        return ready.isPresent() ? ready.get() : await(wait);
    }

    private Claim await(Wait wait) throws InterruptedException {
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
    public List<TaskAttempt> history(TaskId id) {
        return session.call(() -> store.history(id, ATTEMPTS));
    }

    @Override
    public TaskPage list(TaskState state, String cursor, int limit) {
        int page = Limits.page(limit);
        return session.call(() -> store.list(state, cursor, page));
    }

    @Override
    public QueueStatus status() {
        return session.call(store::status);
    }

    @Override
    public QueueControl control() {
        return control;
    }

    @Override
    public String toString() {
        return "queue " + name;
    }
}
