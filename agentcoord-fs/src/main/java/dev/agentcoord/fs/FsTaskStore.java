package dev.agentcoord.fs;

import dev.agentcoord.FencingToken;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.NewTask;
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
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.TaskStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One queue as one session sees it. Enqueue and end are synced before they return; a claim is not, because it does not outlive the boot.
 * Each transition is one rename inside the section, so it happens once or not at all.
 */
final class FsTaskStore implements TaskStore {
    private final QueueLayout layout;
    private final QueueDirectory directory;
    private final Context context;
    private final QueueWaiters waiters;
    private final List<Runnable> hints = new CopyOnWriteArrayList<>();

    /**
     * What a queue needs of its session and space.
     *
     * @param section the session's way into it
     * @param incarnation of the store
     * @param me the session
     * @param ended whether a session has ended or is proven dead; asked inside the section
     * @param ring wakes another session
     * @param scratch gives a new name for a file being written, in the same file system
     * @param time for due times and stamps
     */
    record Context(
            Section.Entrance section,
            long incarnation,
            SessionId me,
            Predicate<SessionId> ended,
            Consumer<SessionId> ring,
            Supplier<Path> scratch,
            TimeSource time) {
        long millis() {
            return time.wall().toEpochMilli();
        }
    }

    FsTaskStore(String queue, Path home, Context context) {
        this.layout = new QueueLayout(home);
        this.directory = new QueueDirectory(queue, layout);
        this.context = context;
        this.waiters = new QueueWaiters(home.resolve("waiting"));
        Calls.typed(home, () -> {
            layout.make();
            return true;
        });
    }

    @Override
    public List<TaskInfo> enqueue(List<NewTask> tasks) {
        tasks.forEach(this::requireKnown);
        return tasks.stream().map(this::enqueue).toList();
    }

    private TaskInfo enqueue(NewTask task) {
        TaskId id = task.id().orElseGet(() -> new TaskId(UUID.randomUUID().toString()));
        return Calls.typed(layout.home(), () -> {
            TaskFile content = new TaskFile(task, id, context.time.wall());
            Optional<Path> added;
            try (SyncedFile file = SyncedFile.write(context.scratch.get(), content.encode())) {
                added = context.section.run(turn -> add(turn, file, task, id));
            }
            Calls.sync(layout.ids());
            if (added.isEmpty()) {
                return find(id).orElseThrow(() -> Json.corrupt(layout.id(id), "its task is in no state", null));
            }
            settle(added.get());
            return content.info(task.delay().isZero() ? TaskState.READY : TaskState.SCHEDULED, 0, "");
        });
    }

    /** Where it was put, or empty when the id is known. An id without a state was left by an enqueue that died half way, and is finished here. */
    private Optional<Path> add(Turn turn, SyncedFile file, NewTask task, TaskId id) throws IOException {
        boolean known = Disk.identity(layout.id(id)) != null;
        if (known && directory.find(id) != null) {
            return Optional.empty();
        }
        TaskName name = new TaskName(turn.nextPosition(), task.priority(), 0, 0, task.maxAttempts(), id);
        Path target = task.delay().isZero()
                ? layout.ready(name)
                : layout.scheduled(name, context.millis() + task.delay().toMillis());
        directory.announce(turn, id);
        if (known) {
            Disk.unlink(layout.id(id));
        }
        Files.createLink(layout.id(id), file.path());
        QueueDirectory.place(file.path(), target);
        return Optional.of(target);
    }

    @Override
    public Optional<Delivery> claim() {
        return Calls.typed(layout.home(), () -> {
            Optional<QueueDirectory.Entry> claimed = context.section.run(turn -> {
                directory.promoteDue(turn, context.millis());
                directory.redeliver(turn, context.ended);
                QueueDirectory.Entry first = directory.firstReady();
                return first == null ? Optional.empty() : Optional.of(take(turn, first));
            });
            return claimed.isEmpty() ? Optional.empty() : Optional.of(delivery(claimed.get()));
        });
    }

    private QueueDirectory.Entry take(Turn turn, QueueDirectory.Entry ready) throws IOException {
        TaskName task = ready.name().task().delivered();
        Path target = layout.claimed(task, context.me);
        directory.move(turn, ready, target);
        return new QueueDirectory.Entry(new TaskName.Found(task, 0, context.me), target, TaskState.CLAIMED);
    }

    private Delivery delivery(QueueDirectory.Entry claimed) throws IOException {
        TaskName task = claimed.name().task();
        FencingToken token = new FencingToken(context.incarnation, task.sequence(), task.delivery());
        return new Delivery(info(claimed), task.delivery(), token);
    }

    @Override
    public void finish(Delivery delivery, Ending ending) {
        TaskInfo info = delivery.task();
        TaskName task = new TaskName(
                delivery.token().position(),
                info.priority(),
                delivery.number(),
                info.attempt(),
                info.maxAttempts(),
                info.id());
        Calls.typed(layout.home(), () -> {
            Optional<Path> ended = end(task, ending);
            if (ended.isEmpty()) {
                throw new StaleClaimException(
                        info.id(),
                        "task " + info.id() + " is no longer claimed by this session; claim it again to go on");
            }
            settle(ended.get());
            Calls.sync(layout.claimed());
            return true;
        });
    }

    /** Gives back what the session still claims, when it ends. It is past its own way into the section. */
    void giveBack(Section.Entrance entrance) {
        Calls.typed(layout.home(), () -> {
            if (entrance.run(turn -> directory.redeliver(turn, context.me::equals))) {
                waiters.any(context.ended).ifPresent(this::wake);
            }
            return true;
        });
    }

    /** Where the task went, or empty when it is not this session's claim; the note counts only with the transition. */
    private Optional<Path> end(TaskName task, Ending ending) throws IOException {
        String text = ending.text();
        if (text.isEmpty()) {
            return context.section.run(turn -> end(turn, task, ending));
        }
        byte[] content = RecordFile.encode(Map.of(), text.getBytes(StandardCharsets.UTF_8));
        try (SyncedFile note = SyncedFile.write(context.scratch.get(), content)) {
            Optional<Path> ended = context.section.run(turn -> {
                if (Disk.identity(layout.claimed(task, context.me)) != null) {
                    QueueDirectory.place(note.path(), layout.note(task));
                }
                return end(turn, task, ending);
            });
            Calls.sync(layout.notes());
            return ended;
        }
    }

    private Optional<Path> end(Turn turn, TaskName task, Ending ending) throws IOException {
        Path file = layout.claimed(task, context.me);
        if (Disk.identity(file) == null) {
            return Optional.empty();
        }
        directory.announce(turn, task.id());
        Path target = target(task, ending);
        QueueDirectory.place(file, target);
        return Optional.of(target);
    }

    private Path target(TaskName task, Ending ending) {
        if (ending instanceof Ending.Again again) {
            TaskName next = again.counts() ? task : task.uncounted();
            return again.delay().isZero()
                    ? layout.ready(next)
                    : layout.scheduled(next, context.millis() + again.delay().toMillis());
        }
        return (ending instanceof Ending.Done ? layout.ended() : layout.dead()).resolve(task.ready());
    }

    /** Makes a move durable, then tells who waits. */
    private void settle(Path target) throws IOException {
        Path dir = QueueLayout.parent(target);
        try {
            Calls.sync(dir);
        } catch (NoSuchFileException e) {
            // Claimed meanwhile, and its bucket removed as the empty one it was.
            Calls.sync(layout.claimed());
        }
        Calls.sync(QueueLayout.parent(dir));
        waiters.any(context.ended).ifPresent(this::wake);
    }

    private void wake(SessionId waiter) {
        if (waiter.equals(context.me)) {
            hint();
        } else {
            context.ring.accept(waiter);
        }
    }

    /** Tells those of this session who wait that there may be a task. */
    void hint() {
        hints.forEach(Runnable::run);
    }

    @Override
    public Optional<TaskInfo> find(TaskId id) {
        return Calls.typed(layout.home(), () -> {
            while (true) {
                Optional<QueueDirectory.Entry> entry =
                        context.section.run(turn -> Optional.ofNullable(directory.find(id)));
                if (entry.isEmpty()) {
                    return Optional.empty();
                }
                Optional<TaskInfo> task = stillThere(entry.get());
                if (task.isPresent()) {
                    return task;
                }
            }
        });
    }

    @Override
    public TaskPage list(TaskState state, String cursor, int limit) {
        return Calls.typed(layout.home(), () -> {
            List<TaskInfo> tasks = new ArrayList<>();
            for (QueueDirectory.Entry entry : context.section.run(turn -> directory.entries(state))) {
                if (tasks.size() == limit) {
                    break;
                }
                stillThere(entry).ifPresent(tasks::add);
            }
            return new TaskPage(tasks, null);
        });
    }

    @Override
    public List<TaskAttempt> history(TaskId id, int limit) {
        throw refusal("the history of a task");
    }

    @Override
    public boolean cancel(TaskId id, String reason) {
        throw refusal("cancelling");
    }

    @Override
    public boolean redrive(TaskId id) {
        throw refusal("redriving");
    }

    @Override
    public QueueSettings settings() {
        return QueueSettings.defaults();
    }

    @Override
    public void configure(QueueSettings settings) {
        throw refusal("changing the settings of a queue");
    }

    /** What would be ignored must not be accepted. */
    private void requireKnown(NewTask task) {
        boolean plain = task.dedupKey().isEmpty()
                && task.orderingKey().isEmpty()
                && task.dependsOn().isEmpty()
                && Route.of(task).isForAnyone();
        if (!plain) {
            throw refusal("a task with keys, a target, capabilities or dependencies");
        }
    }

    private InvalidRequestException refusal(String what) {
        return new InvalidRequestException(
                layout.home(), what + " is not on the file system in this version; do without");
    }

    @Override
    public QueueStatus status() {
        return new QueueStatus(depth(), null, settings());
    }

    /** The task, or empty when it moved on after the section was left. */
    private Optional<TaskInfo> stillThere(QueueDirectory.Entry entry) throws IOException {
        try {
            return Optional.of(info(entry));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Map<TaskState, Integer> depth() {
        return Calls.typed(
                layout.home(),
                () -> context.section.run(turn -> {
                    Map<TaskState, Integer> depth = new EnumMap<>(TaskState.class);
                    for (TaskState state : TaskState.values()) {
                        depth.put(state, directory.entries(state).size());
                    }
                    return depth;
                }));
    }

    @Override
    public Subscription onReady(Runnable hint) {
        return Calls.typed(layout.home(), () -> {
            hints.add(hint);
            waiters.add(context.me);
            return () -> stopWaiting(hint);
        });
    }

    private void stopWaiting(Runnable hint) {
        Calls.typed(layout.home(), () -> {
            if (hints.remove(hint) && hints.isEmpty()) {
                waiters.remove(context.me);
            }
            return true;
        });
    }

    private TaskInfo info(QueueDirectory.Entry entry) throws IOException {
        TaskName task = entry.name().task();
        TaskFile content = TaskFile.decode(entry.file(), Calls.read(entry.file()));
        return content.info(entry.state(), task.attempt(), outcome(entry));
    }

    private String outcome(QueueDirectory.Entry entry) throws IOException {
        TaskName task = entry.name().task();
        int latest = entry.state() == TaskState.CLAIMED ? task.delivery() - 1 : task.delivery();
        Path note = layout.note(task.withDelivery(latest));
        try {
            return new String(RecordFile.decode(note, Calls.read(note)).body(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return entry.state() == TaskState.DEAD ? QueueDirectory.claimerDied() : "";
        }
    }
}
