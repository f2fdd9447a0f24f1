package dev.agentcoord.testkit.memory;

import dev.agentcoord.NewTask;
import dev.agentcoord.Participant;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.QueueStatus;
import dev.agentcoord.SessionId;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.Subscription;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.core.queue.Admission;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.core.queue.PageCursor;
import dev.agentcoord.core.queue.ParkRule;
import dev.agentcoord.core.queue.QueueBounds;
import dev.agentcoord.core.queue.RetryRule;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.spi.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One queue, the rules applied to a map. What has ended is kept for ever: a test does not live as long. Thread-safe. */
class MemoryQueue {
    private static final Pattern CURSOR = Pattern.compile("[0-9]{1,9}");

    private final String name;
    private final long incarnation;
    private final TimeSource time;
    private final Map<TaskId, MemoryTask> tasks = new LinkedHashMap<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private QueueSettings settings = QueueSettings.defaults();
    private final List<Route> admitted = new ArrayList<>();

    MemoryQueue(String name, long incarnation, TimeSource time) {
        this.name = name;
        this.incarnation = incarnation;
        this.time = time;
    }

    private record Waiter(MemorySession session, Runnable hint) {}

    List<TaskInfo> enqueue(MemorySession by, List<NewTask> batch) {
        List<TaskInfo> infos;
        synchronized (this) {
            Map<TaskId, MemoryTask> before = new LinkedHashMap<>(tasks);
            try {
                infos = batch.stream().map(task -> add(by.id(), task)).toList();
            } catch (RuntimeException e) {
                tasks.clear();
                tasks.putAll(before);
                admitted.clear();
                throw e;
            }
        }
        wake();
        return infos;
    }

    private TaskInfo add(SessionId by, NewTask what) {
        TaskId id = what.id().orElseGet(() -> new TaskId(SessionId.random().text()));
        Optional<MemoryTask> known = same(id, what);
        if (known.isPresent()) {
            return known.get().info();
        }
        checkBounds(by);
        what.dependsOn().forEach(this::requireUsable);
        MemoryTask task = new MemoryTask(what, id, tasks.size() + 1L, by, time.wall());
        task.readyAt = time.nanos() + what.delay().toNanos();
        tasks.put(id, task);
        admit(task);
        return task.info();
    }

    /** The task that this one would be once more. */
    Optional<MemoryTask> same(TaskId id, NewTask what) {
        return Optional.ofNullable(tasks.get(id))
                .or(() -> what.dedupKey()
                        .flatMap(key -> pending()
                                .filter(task -> task.what.dedupKey().equals(what.dedupKey()))
                                .findFirst()));
    }

    void checkBounds(SessionId by) {
        QueueBounds.checkOpen(name, settings);
        long own = pending().filter(task -> task.by.equals(by)).count();
        QueueBounds.check(name, settings, pending().count(), own, 1);
    }

    void requireUsable(TaskId dependency) {
        MemoryTask task = tasks.get(dependency);
        if (task == null) {
            throw Admission.unknown(dependency);
        }
        boolean unused = Admission.waitsFor(dependency, task.state);
    }

    final Stream<MemoryTask> pending() {
        return tasks.values().stream().filter(MemoryTask::isPending);
    }

    /** Puts a task that nobody works on where it has to wait. */
    private void admit(MemoryTask task) {
        task.state = TaskState.BLOCKED;
        task.admission = Admission.IN_LINE;
        task.admission = Admission.of(keyIsTaken(task), openDependencies(task), time.nanos() - task.readyAt >= 0);
        task.state = task.admission.state();
        if (task.state == TaskState.READY) {
            admitted.add(task.route());
        }
    }

    boolean keyIsTaken(MemoryTask task) {
        return task.what.orderingKey().isPresent()
                && pending()
                        .anyMatch(other -> other != task
                                && other.holdsKey(task.what.orderingKey().get()));
    }

    int openDependencies(MemoryTask task) {
        return (int) task.what.dependsOn().stream()
                .filter(id -> Admission.waitsFor(id, Objects.requireNonNull(tasks.get(id)).state))
                .count();
    }

    synchronized Optional<Delivery> claim(MemorySession claimer) {
        claimer.ensureOpen();
        if (isPaused()) {
            return Optional.empty();
        }
        Optional<MemoryTask> first = in(TaskState.READY)
                .filter(task -> admits(task.route(), claimer.info().participant()))
                .findFirst();
        first.ifPresent(task -> {
            task.state = TaskState.CLAIMED;
            task.claimer = claimer;
            task.attempts++;
            task.deliveries++;
        });
        return first.map(task -> task.delivery(incarnation));
    }

    boolean isPaused() {
        return settings.mode() == QueueSettings.Mode.PAUSED;
    }

    boolean admits(Route route, Participant claimer) {
        return route.admits(claimer);
    }

    void finish(MemorySession claimer, Delivery delivery, Ending ending) {
        synchronized (this) {
            claimer.ensureOpen();
            MemoryTask task = tasks.get(delivery.task().id());
            if (task == null || !isCurrent(task, claimer, delivery)) {
                throw new StaleClaimException(
                        delivery.task(),
                        "task " + delivery.task().id() + " is no longer this claim's; nothing was changed");
            }
            record(task, ending.outcome(), ending.text());
            apply(task, ending);
        }
        wake();
    }

    boolean isCurrent(MemoryTask task, MemorySession claimer, Delivery delivery) {
        return task.state == TaskState.CLAIMED && claimer.equals(task.claimer) && task.deliveries == delivery.number();
    }

    void record(MemoryTask task, TaskAttempt.Outcome outcome, String text) {
        String agent = task.claimer == null ? "" : task.claimer.info().agent();
        task.history.add(new TaskAttempt(task.deliveries, outcome, text, agent, time.wall()));
    }

    boolean cancel(TaskId id, String reason) {
        boolean done;
        synchronized (this) {
            MemoryTask task = tasks.get(id);
            done = task != null && task.state != TaskState.DONE && task.state != TaskState.CANCELLED;
            if (task != null && done) {
                end(task, new Ending.Cancelled(reason));
            }
        }
        wake();
        return done;
    }

    private void end(MemoryTask task, Ending.Cancelled ending) {
        if (task.state == TaskState.CLAIMED) {
            record(task, TaskAttempt.Outcome.CANCELLED, ending.reason());
        }
        apply(task, ending);
    }

    boolean redrive(TaskId id) {
        boolean dead;
        synchronized (this) {
            MemoryTask task = tasks.get(id);
            dead = task != null && task.state == TaskState.DEAD;
            if (task != null && dead) {
                task.attempts = 0;
                task.readyAt = time.nanos();
                makeWay(task);
                admit(task);
            }
        }
        wake();
        return dead;
    }

    /** Sends the first of its ordering key back into the line where that one gives way to it. */
    void makeWay(MemoryTask redriven) {
        pending()
                .filter(first ->
                        redriven.what.orderingKey().filter(first::holdsKey).isPresent())
                .filter(first -> Admission.givesWay(first.state, first.number, redriven.number))
                .forEach(first -> first.admission = Admission.IN_LINE);
    }

    /** Makes the claims of a session that has ended ready again; a task out of attempts is dead, so that a crash loop ends. */
    void giveBack(MemorySession ended) {
        synchronized (this) {
            List.copyOf(tasks.values()).stream()
                    .filter(task -> task.claimer == ended)
                    .forEach(task -> {
                        Ending ending = afterDeath(task);
                        record(task, TaskAttempt.Outcome.DIED, ending.text());
                        apply(task, ending);
                    });
        }
        wake();
    }

    /** What becomes of a task whose claimer has ended. */
    Ending afterDeath(MemoryTask task) {
        String agent = task.claimer == null ? "" : task.claimer.info().agent();
        return RetryRule.afterDeath(task.attempts, task.what.maxAttempts(), RetryRule.causeOfDeath(agent));
    }

    private void apply(MemoryTask task, Ending ending) {
        task.claimer = null;
        task.outcome = ending.text();
        task.parkedAt = time.nanos();
        if (ending instanceof Ending.Again again) {
            task.attempts -= again.counts() ? 0 : 1;
            task.readyAt = time.nanos() + again.delay().toNanos();
            admit(task);
            return;
        }
        if (ending instanceof Ending.HandedOff handedOff) {
            task.attempts--;
            task.route = handedOff.to();
            task.readyAt = time.nanos();
            admit(task);
            return;
        }
        task.state = ending.end();
        promote(task);
        settleDependents(task);
    }

    /** Lets the next one of its ordering key take its place. */
    void promote(MemoryTask ended) {
        pending()
                .filter(task -> task.admission == Admission.IN_LINE && task.state == TaskState.BLOCKED)
                .filter(task -> task.what.orderingKey().equals(ended.what.orderingKey()))
                .min(Comparator.comparingLong(task -> task.number))
                .ifPresent(this::admit);
    }

    /** Looks again at what depends on a task that has ended: a cancelled one takes it along. */
    void settleDependents(MemoryTask ended) {
        List<MemoryTask> dependents = pending()
                .filter(task -> task.what.dependsOn().contains(ended.id))
                .toList();
        for (MemoryTask task : dependents) {
            if (ended.state == TaskState.CANCELLED && task.isPending()) {
                end(task, Admission.dependencyCancelled(ended.id));
            } else if (task.admission == Admission.DEPENDENT && task.state == TaskState.BLOCKED) {
                admit(task);
            }
        }
    }

    synchronized Optional<TaskInfo> find(TaskId id) {
        ripen();
        return Optional.ofNullable(tasks.get(id)).map(this::info);
    }

    private TaskInfo info(MemoryTask task) {
        return task.state == TaskState.SCHEDULED
                ? task.info().due(time.wall().plusNanos(task.readyAt - time.nanos()))
                : task.info();
    }

    synchronized List<TaskAttempt> history(TaskId id, int limit) {
        List<TaskAttempt> all = tasks.containsKey(id) ? tasks.get(id).history : List.of();
        return List.copyOf(all.subList(Math.max(0, all.size() - limit), all.size()));
    }

    synchronized TaskPage list(TaskState state, String cursor, int limit) {
        String from = PageCursor.require(cursor, CURSOR);
        long after = from.isEmpty() ? 0 : Long.parseLong(from);
        List<MemoryTask> rest = in(state).skip(after).toList();
        List<TaskInfo> page = rest.stream().limit(limit).map(this::info).toList();
        return new TaskPage(page, rest.size() > limit ? String.valueOf(after + limit) : null);
    }

    synchronized QueueStatus status() {
        Map<TaskState, Integer> depth = new EnumMap<>(TaskState.class);
        for (TaskState state : TaskState.values()) {
            depth.put(state, (int) in(state).count());
        }
        Optional<Duration> oldest = in(TaskState.READY)
                .min(Comparator.comparingLong(task -> task.number))
                .map(task -> Duration.between(task.enqueued, time.wall()));
        return new QueueStatus(depth, oldest.orElse(null), settings);
    }

    synchronized QueueSettings settings() {
        return settings;
    }

    void configure(QueueSettings changed) {
        synchronized (this) {
            settings = changed;
            in(TaskState.READY).forEach(task -> admitted.add(task.route()));
        }
        wake();
    }

    synchronized Subscription onReady(MemorySession session, Runnable hint) {
        Waiter waiter = new Waiter(session, hint);
        waiters.add(waiter);
        return () -> stopWaiting(waiter);
    }

    private synchronized void stopWaiting(Waiter waiter) {
        waiters.remove(waiter);
    }

    /** Whether a task has ended, or is none of this queue. */
    synchronized boolean isOver(TaskId id) {
        MemoryTask task = tasks.get(id);
        return task == null || !task.isPending();
    }

    /** What a session has claimed, as a number that no later claim has; empty when it is not that session's. */
    synchronized OptionalInt deliveryTo(MemorySession session, TaskId id) {
        MemoryTask task = tasks.get(id);
        return task == null || task.claimer != session ? OptionalInt.empty() : OptionalInt.of(task.deliveries);
    }

    synchronized @Nullable MemorySession claimerOf(TaskId id) {
        MemoryTask task = tasks.get(id);
        return task == null ? null : task.claimer;
    }

    /** Whether nobody has claimed it for longer than its locks may be parked. */
    synchronized boolean isParkedTooLong(TaskId id) {
        MemoryTask task = tasks.get(id);
        Instant origin = Instant.EPOCH;
        return task != null
                && task.claimer == null
                && ParkRule.isOver(
                        origin.plusNanos(task.parkedAt), origin.plusNanos(time.nanos()), task.what.parkTimeout());
    }

    Comparator<MemoryTask> order() {
        return MemoryTask.ORDER;
    }

    /** Calls one of those who wait for each task that became ready. */
    void wake() {
        List<Runnable> called;
        synchronized (this) {
            called = admitted.stream().flatMap(route -> awaited(route).stream()).toList();
            admitted.clear();
        }
        called.forEach(Runnable::run);
    }

    /** Whom to call for a task: one of those who may claim it, and another one next time. */
    synchronized List<Runnable> awaited(Route route) {
        for (Waiter waiter : List.copyOf(waiters)) {
            if (admits(route, waiter.session.info().participant())) {
                waiters.remove(waiter);
                waiters.add(waiter);
                return List.of(waiter.hint);
            }
        }
        return List.of();
    }

    final synchronized List<Runnable> hints() {
        return waiters.stream().map(Waiter::hint).toList();
    }

    private Stream<MemoryTask> in(TaskState state) {
        ripen();
        return tasks.values().stream().filter(task -> task.state == state).sorted(order());
    }

    private void ripen() {
        long now = time.nanos();
        List.copyOf(tasks.values()).stream()
                .filter(task -> task.state == TaskState.SCHEDULED && now - task.readyAt >= 0)
                .forEach(this::admit);
    }
}
