package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.FencingToken;
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
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.queue.Admission;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.spi.Delivery;
import dev.agentcoord.spi.TaskStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One queue as one session sees it. Enqueue and end are synced before they return; a claim is not, because it does not outlive the boot.
 * Each transition is one rename inside the section, so it happens once or not at all.
 */
final class FsTaskStore implements TaskStore {
    /** Tasks that become due are moved so many at a time, so that nobody waits long for the section. */
    private static final int AT_ONCE = 64;

    private static final Noting NO_NOTE = task -> {};

    private final FsQueue queue;
    private final QueueLayout layout;
    private final Context context;
    private final TaskListings listings;
    private final Enqueuer enqueuer;
    private final Consumers consumers;
    private final Redelivery redelivery;
    private final Map<TaskId, TaskName> mine = new ConcurrentHashMap<>();

    /**
     * What a queue needs of its session and space.
     *
     * @param section the session's way into it
     * @param alive throws once the session has ended
     * @param incarnation of the store
     * @param me the session
     * @param who says what is known of a session; empty where it has ended
     * @param ended whether a session has ended or is proven dead
     * @param ring wakes another session
     * @param scratch gives a new name for a file being written, in the same file system
     * @param writes how what is written reaches the disk
     * @param time for due times and stamps
     * @param locks takes over what comes along with a task
     */
    record Context(
            Section.Entrance section,
            Runnable alive,
            long incarnation,
            SessionId me,
            Function<SessionId, Optional<Participant>> who,
            Predicate<SessionId> ended,
            Consumer<SessionId> ring,
            Supplier<Path> scratch,
            Writes writes,
            TimeSource time,
            Adoption locks) {
        long millis() {
            return time.wall().toEpochMilli();
        }

        Participant participant() {
            return who.apply(me).orElseGet(() -> Participant.named("unknown"));
        }

        /** The name of a session's agent; empty where it is not known any more. */
        String agent(SessionId session) {
            return who.apply(session).map(Participant::agent).orElse("");
        }
    }

    /** Makes locks of a task those of the session that has claimed it. */
    @FunctionalInterface
    interface Adoption {
        /** The tickets as the session has them, given the number of the delivery and the file of the claim. */
        List<Ticket> adopt(List<Ticket> tickets, int delivery, Path claim);
    }

    FsTaskStore(FsQueue queue, Context context) {
        this.queue = queue;
        this.layout = queue.layout();
        this.context = context;
        this.listings = new TaskListings(queue, context);
        this.enqueuer = new Enqueuer(queue, context, this::settle);
        this.consumers = new Consumers(queue, context);
        this.redelivery = new Redelivery(queue, context);
    }

    private <T> T run(FsQueue.Body<T> body) {
        return queue.run(context.section, context.scratch, context.millis(), body);
    }

    @Override
    public List<TaskInfo> enqueue(List<NewTask> tasks) {
        return Calls.typed(layout.home(), () -> listings.infos(enqueuer.enqueue(tasks)));
    }

    @Override
    public Optional<Delivery> claim() {
        return Calls.typed(layout.home(), () -> {
            consumers.announce();
            if (queue.shouldLook(context.time.nanos(), Redelivery.INTERVAL_NANOS)) {
                consumers.wake(redelivery.ofTheDead());
            }
            Optional<Delivery> delivery = claimReady();
            if (delivery.isPresent()) {
                return delivery;
            }
            List<TaskName> back = redelivery.ofTheDead();
            delivery = back.isEmpty() ? Optional.empty() : claimReady();
            consumers.wake(back.stream().skip(delivery.isPresent() ? 1 : 0).toList());
            return delivery;
        });
    }

    private record Claimed(Optional<Taken> taken, List<TaskName> admitted) {}

    private record Taken(QueueDirectory.Entry entry, List<Ticket> locks) {}

    private Optional<Delivery> claimReady() throws IOException {
        Participant me = context.participant();
        Claimed claimed = run(turn -> {
            if (turn.directory().settings(queue).mode() == QueueSettings.Mode.PAUSED) {
                return new Claimed(Optional.empty(), List.of());
            }
            List<TaskName> due = turn.directory().promoteDue(turn.turn(), turn.now(), AT_ONCE, me);
            return new Claimed(first(turn, me), due);
        });
        Optional<TaskId> mine =
                claimed.taken.map(taken -> taken.entry.name().task().id());
        consumers.wake(claimed.admitted.stream()
                .filter(task -> mine.filter(task.id()::equals).isEmpty())
                .toList());
        return claimed.taken.isEmpty() ? Optional.empty() : Optional.of(deliver(claimed.taken.get()));
    }

    private Delivery deliver(Taken taken) throws IOException {
        try {
            return delivery(taken);
        } catch (IOException | CoordinationException e) {
            takeBack(taken.entry.name().task());
            throw e;
        }
    }

    /** A delivery that nobody has heard of is none: as long as this session lives nobody else would give its task back. */
    private void takeBack(TaskName task) {
        mine.remove(task.id(), task);
        try {
            run(turn -> {
                Path file = layout.claimed(task, context.me);
                TaskName next = task.uncounted();
                turn.pass(next, file, turn.directory().place(turn.turn(), next, Admission.ADMITTED, turn.now(), ""));
                return next;
            });
        } catch (CoordinationException e) {
            // It goes back when the session ends.
            return;
        }
    }

    private Optional<Taken> first(QueueTurn turn, Participant me) throws IOException {
        while (true) {
            Path first = turn.directory().lanes().first(me);
            if (first == null) {
                return Optional.empty();
            }
            TaskName task = QueueTurn.parse(first).delivered();
            Path target = layout.claimed(task, context.me);
            try {
                List<Ticket> locks = turn.pass(task, first, target);
                TaskName.Found found = new TaskName.Found(task, 0, context.me);
                return Optional.of(new Taken(new QueueDirectory.Entry(found, target, TaskState.CLAIMED), locks));
            } catch (NoSuchFileException e) {
                // What was remembered of the disk was wrong, as after the death of another process in the middle of a
                // move.
                if (Disk.isThere(first)) {
                    throw e;
                }
                turn.directory().lanes().forget();
            }
        }
    }

    private Delivery delivery(Taken taken) throws IOException {
        QueueDirectory.Entry claimed = taken.entry;
        TaskName task = claimed.name().task();
        mine.put(task.id(), task);
        FencingToken token = new FencingToken(context.incarnation, task.sequence(), task.delivery());
        List<Ticket> locks = context.locks.adopt(taken.locks, task.delivery(), claimed.file());
        return new Delivery(queue.info(claimed), task.delivery(), token, locks);
    }

    /** The file that is there as long as this session holds the claim of that token. */
    Path fileOf(TaskInfo info, FencingToken token) {
        TaskName known = mine.get(info.id());
        if (known == null || known.sequence() != token.position() || known.delivery() != token.generation()) {
            throw new StaleClaimException(
                    info.id(), "task " + info.id() + " is not, or no longer, claimed by this session; claim it first");
        }
        return layout.claimed(known, context.me);
    }

    @Override
    public void finish(Delivery delivery, Ending ending) {
        Calls.typed(layout.home(), () -> {
            Optional<QueueTurn> ended = end(delivery, ending);
            if (ended.isEmpty()) {
                throw new StaleClaimException(
                        delivery.task().id(),
                        "task " + delivery.task().id()
                                + " is no longer claimed by this session; claim it again to go on");
            }
            mine.remove(delivery.task().id());
            settle(ended.get());
            return true;
        });
        if (ending.isEnd()) {
            queue.pruner().soon(context);
        }
    }

    /** Gives back what the session still claims, when it ends. It is past its own way into the section. */
    void giveBack(Section.Entrance entrance) {
        giveBack(entrance, context.me);
    }

    /** Gives back what a session that has ended still claims. */
    void giveBack(Section.Entrance entrance, SessionId ended) {
        Calls.typed(layout.home(), () -> {
            consumers.wake(redelivery.of(entrance, ended::equals));
            return true;
        });
    }

    /** The turn that ended it, or empty when it is not this session's claim; the note counts only with the transition. */
    private Optional<QueueTurn> end(Delivery delivery, Ending ending) throws IOException {
        context.writes.begin(context.section);
        if (ending instanceof Ending.Done && ending.text().isEmpty()) {
            return run(turn -> end(turn, delivery, ending, NO_NOTE));
        }
        NoteDraft.Home home = new NoteDraft.Home(queue.name(), delivery.task().id(), delivery.number());
        byte[] note =
                TaskNotes.encode(home, ending.outcome(), context.agent(context.me), context.time.wall(), ending.text());
        try (SyncedFile draft = context.writes.draft(context.scratch.get(), note)) {
            Optional<QueueTurn> ended =
                    run(turn -> end(turn, delivery, ending, task -> turn.note(task, draft.path(), note)));
            if (ended.isPresent()) {
                draft.moved();
            }
            return ended;
        }
    }

    /** Places the note on a delivery that ends. */
    @FunctionalInterface
    private interface Noting {
        void place(TaskName task) throws IOException;
    }

    private Optional<QueueTurn> end(QueueTurn turn, Delivery delivery, Ending ending, Noting note) throws IOException {
        Current current = find(delivery);
        if (current == null) {
            return Optional.empty();
        }
        Path file = current.file;
        TaskName task = current.task;
        note.place(task);
        if (ending instanceof Ending.Again again) {
            TaskName next = again.counts() ? task : task.uncounted();
            long due = turn.now() + again.delay().toMillis();
            Admission admission = Admission.of(false, 0, again.delay().isZero());
            turn.pass(next, file, turn.directory().place(turn.turn(), next, admission, due, ""));
            if (admission == Admission.ADMITTED) {
                turn.admitted().add(next);
            }
        } else if (ending instanceof Ending.HandedOff handedOff) {
            turn.directory().lanes().make(handedOff.to(), context.scratch.get());
            TaskName next = task.uncounted().routed(Lanes.of(handedOff.to()));
            turn.pass(next, file, turn.directory().place(turn.turn(), next, Admission.ADMITTED, turn.now(), ""));
            turn.admitted().add(next);
        } else {
            turn.end(task, file, ending.end(), delivery.task().asEnqueued());
        }
        return Optional.of(turn);
    }

    /** A task as this session claims it. */
    private record Current(TaskName task, Path file) {}

    /** A delivery as long as it is the task's current one; null when it is not. */
    private @Nullable Current find(Delivery delivery) throws IOException {
        TaskInfo info = delivery.task();
        String prefix = TaskName.hex(delivery.token().position()) + "~";
        TaskName known = mine.get(info.id());
        if (known != null && known.sequence() == delivery.token().position() && known.delivery() == delivery.number()) {
            Path file = layout.claimed(known, context.me);
            return Disk.isThere(file) ? new Current(known, file) : null;
        }
        String middle = "~d" + delivery.number() + "~a";
        String suffix = "~" + info.id() + "~" + context.me;
        for (String name : TaskWalk.names(layout.claimed())) {
            if (name.startsWith(prefix) && name.contains(middle) && name.endsWith(suffix)) {
                Path file = layout.claimed().resolve(name);
                return new Current(QueueTurn.parse(file), file);
            }
        }
        return null;
    }

    @Override
    public boolean cancel(TaskId id, String reason) {
        return Calls.typed(layout.home(), () -> {
            context.writes.begin(context.section);
            byte[] note = TaskNotes.encode(TaskAttempt.Outcome.CANCELLED, "", context.time.wall(), reason);
            try (SyncedFile draft = context.writes.draft(context.scratch.get(), note)) {
                Optional<QueueTurn> cancelled = run(turn -> cancel(turn, id, draft.path()));
                cancelled.ifPresent(this::settled);
                if (cancelled.isPresent()) {
                    queue.pruner().soon(context);
                }
                return cancelled.isPresent();
            }
        });
    }

    private Optional<QueueTurn> cancel(QueueTurn turn, TaskId id, Path note) throws IOException {
        QueueDirectory.Entry entry = turn.directory().find(id);
        if (entry == null || entry.state() == TaskState.DONE || entry.state() == TaskState.CANCELLED) {
            return Optional.empty();
        }
        TaskName task = entry.name().task();
        NewTask what = QueueTurn.read(entry.file(), id).task();
        if (entry.state() == TaskState.CLAIMED) {
            Disk.unlink(layout.note(task));
            Files.createLink(layout.note(task), note);
        }
        QueueDirectory.place(note, layout.reason(id));
        turn.touched().add(layout.notes());
        turn.dependents().forget(what, task);
        turn.cancel(task, entry, what);
        return Optional.of(turn);
    }

    @Override
    public boolean redrive(TaskId id) {
        context.writes.begin(context.section);
        Optional<QueueTurn> redriven = run(turn -> {
            QueueDirectory.Entry entry = turn.directory().find(id);
            if (entry == null || entry.state() != TaskState.DEAD) {
                return Optional.empty();
            }
            turn.redrive(
                    entry.name().task(),
                    entry.file(),
                    QueueTurn.read(entry.file(), id).task());
            return Optional.of(turn);
        });
        redriven.ifPresent(this::settled);
        return redriven.isPresent();
    }

    private void settled(QueueTurn turn) {
        Calls.typed(layout.home(), () -> {
            settle(turn);
            return true;
        });
    }

    /** Makes what changed durable, then tells who waits. */
    private void settle(QueueTurn turn) throws IOException {
        queue.settle(context.writes, turn);
        consumers.wake(turn.admitted());
    }

    @Override
    public Optional<TaskInfo> find(TaskId id) {
        return Calls.typed(layout.home(), () -> listings.find(id));
    }

    @Override
    public List<TaskAttempt> history(TaskId id, int limit) {
        return Calls.typed(layout.home(), () -> listings.history(id, limit));
    }

    @Override
    public TaskPage list(TaskState state, String cursor, int limit) {
        return Calls.typed(layout.home(), () -> listings.list(state, cursor, limit));
    }

    @Override
    public QueueStatus status() {
        return Calls.typed(layout.home(), listings::status);
    }

    @Override
    public QueueSettings settings() {
        return Calls.typed(layout.home(), queue::settings);
    }

    @Override
    public void configure(QueueSettings settings) {
        Calls.typed(layout.home(), () -> {
            try (SyncedFile draft = context.writes.draft(context.scratch.get(), FsQueue.encode(settings))) {
                run(turn -> {
                    turn.directory().announce(turn.turn());
                    QueueDirectory.place(draft.path(), layout.settings());
                    return settings;
                });
            }
            context.writes.settle(layout.home());
            consumers.wakeAll();
            return true;
        });
    }

    /** Tells those of this session who wait that there may be a task. */
    void hint() {
        consumers.hint();
    }

    @Override
    public Subscription onReady(Runnable hint) {
        return Calls.typed(layout.home(), () -> consumers.add(hint));
    }
}
