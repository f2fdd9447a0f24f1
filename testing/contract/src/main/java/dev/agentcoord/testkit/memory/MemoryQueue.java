package dev.agentcoord.testkit.memory;

import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** One queue. A waiting consumer is woken by a hint per change; the first to claim gets the task. Thread-safe. */
class MemoryQueue {
    private final long incarnation;
    private final TimeSource time;
    private final Map<TaskId, MemoryTask> tasks = new LinkedHashMap<>();
    private final List<Runnable> hints = new CopyOnWriteArrayList<>();

    MemoryQueue(long incarnation, TimeSource time) {
        this.incarnation = incarnation;
        this.time = time;
    }

    TaskInfo enqueue(NewTask what) {
        TaskInfo info;
        synchronized (this) {
            long number = tasks.size() + 1L;
            TaskId id = what.id().orElseGet(() -> new TaskId(SessionId.random().text()));
            MemoryTask known = tasks.get(id);
            if (known != null) {
                return known.info();
            }
            MemoryTask task = new MemoryTask(what, id, number, time.wall());
            schedule(task, what.delay());
            tasks.put(id, task);
            info = task.info();
        }
        wake();
        return info;
    }

    synchronized Optional<Delivery> claim(MemorySession claimer) {
        claimer.ensureOpen();
        Optional<MemoryTask> first = in(TaskState.READY).findFirst();
        first.ifPresent(task -> {
            task.state = TaskState.CLAIMED;
            task.claimer = claimer;
            task.attempts++;
            task.deliveries++;
        });
        return first.map(task -> task.delivery(incarnation));
    }

    void finish(MemorySession claimer, Delivery delivery, Ending ending) {
        synchronized (this) {
            claimer.ensureOpen();
            MemoryTask task = tasks.get(delivery.task().id());
            if (task == null || task.state != TaskState.CLAIMED || task.deliveries != delivery.number()) {
                throw new StaleClaimException(
                        delivery.task(),
                        "task " + delivery.task().id() + " is no longer this claim's; nothing was changed");
            }
            task.claimer = null;
            apply(task, ending);
        }
        wake();
    }

    synchronized Optional<TaskInfo> find(TaskId id) {
        ripen();
        return Optional.ofNullable(tasks.get(id)).map(MemoryTask::info);
    }

    synchronized List<TaskInfo> list(TaskState state, int limit) {
        return in(state).limit(limit).map(MemoryTask::info).toList();
    }

    synchronized Map<TaskState, Integer> depth() {
        Map<TaskState, Integer> depth = new EnumMap<>(TaskState.class);
        for (TaskState state : TaskState.values()) {
            depth.put(state, (int) in(state).count());
        }
        return depth;
    }

    Subscription onReady(Runnable hint) {
        hints.add(hint);
        return () -> hints.remove(hint);
    }

    /** Makes the claims of a session that has ended ready again; a task out of attempts is dead, so that a crash loop ends. */
    void giveBack(MemorySession ended) {
        synchronized (this) {
            tasks.values().stream().filter(task -> task.claimer == ended).forEach(task -> {
                task.claimer = null;
                apply(task, afterDeath(task));
            });
        }
        wake();
    }

    Comparator<MemoryTask> order() {
        return MemoryTask.ORDER;
    }

    /** What becomes of a task whose claimer has ended. */
    Ending afterDeath(MemoryTask task) {
        return task.attempts < task.what.maxAttempts()
                ? new Ending.Again(Duration.ZERO, "its claimer died", true)
                : new Ending.Dead("its claimer died");
    }

    void wake() {
        hints.forEach(Runnable::run);
    }

    private void apply(MemoryTask task, Ending ending) {
        if (ending instanceof Ending.Done done) {
            task.state = TaskState.DONE;
            task.outcome = done.result();
        } else if (ending instanceof Ending.Dead dead) {
            task.state = TaskState.DEAD;
            task.outcome = dead.cause();
        } else if (ending instanceof Ending.Again again) {
            task.outcome = again.cause();
            task.attempts -= again.counts() ? 0 : 1;
            schedule(task, again.delay());
        }
    }

    private void schedule(MemoryTask task, Duration delay) {
        task.state = delay.isZero() ? TaskState.READY : TaskState.SCHEDULED;
        task.readyAt = time.nanos() + delay.toNanos();
    }

    private Stream<MemoryTask> in(TaskState state) {
        ripen();
        return tasks.values().stream().filter(task -> task.state == state).sorted(order());
    }

    private void ripen() {
        long now = time.nanos();
        tasks.values().stream()
                .filter(task -> task.state == TaskState.SCHEDULED && now - task.readyAt >= 0)
                .forEach(task -> task.state = TaskState.READY);
    }
}
