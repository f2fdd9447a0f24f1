package dev.agentcoord.fs;

import dev.agentcoord.NewTask;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Admission;
import dev.agentcoord.core.queue.QueueBounds;
import dev.agentcoord.core.queue.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How tasks of one session get into a queue: written first, a file for some at a time, then judged all together and added one by one. */
final class Enqueuer {
    private static final int TASKS_PER_FILE = 64;
    private static final int BYTES_PER_FILE = 256 * 1024;

    private final FsQueue queue;
    private final FsTaskStore.Context context;
    private final Settler settler;
    private final OwnTasks own;

    /** Makes what a turn changed durable, and tells who waits. */
    @FunctionalInterface
    interface Settler {
        /** Outside the section. */
        void settle(QueueTurn turn) throws IOException;
    }

    Enqueuer(FsQueue queue, FsTaskStore.Context context, Settler settler) {
        this.queue = queue;
        this.context = context;
        this.settler = settler;
        this.own = new OwnTasks(queue.name(), TaskName.by(context.me()));
    }

    /**
     * A task, written but not yet added.
     *
     * @param content of it
     * @param file that has it, which is on the disk if anybody waits for that, but for what the log is told
     * @param alone whether the file has no other
     * @param forLog what the log is told; null where it is told nothing of it
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Draft(TaskFile content, SyncedFile file, boolean alone, byte @Nullable [] forLog) {}

    /** A task that is about to be written. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Encoded(TaskFile content, byte[] record) {
        boolean isForLog() {
            return record.length <= QueueTurn.LOGGED_BYTES && QueueTurn.isPlain(content.task());
        }
    }

    /**
     * What became of a batch.
     *
     * @param turn in which it was added
     * @param tasks for each either what was added or the id of a task that was there
     * @param settled whether the turn has been settled
     */
    record Outcome(QueueTurn turn, List<Object> tasks, boolean settled) {
        Outcome whenSettled() {
            return new Outcome(turn, tasks, true);
        }
    }

    /** Adds a batch, and settles it; with those of other threads of this process where all wait for the disk. */
    Outcome enqueue(List<NewTask> tasks) throws IOException {
        context.writes().begin(context.section());
        Outcome outcome = context.writes().isSynced() ? queue.enqueues().run(this, tasks) : enqueueAlone(tasks);
        if (!outcome.settled()) {
            settle(outcome);
        }
        return outcome;
    }

    void settle(Outcome outcome) throws IOException {
        settler.settle(outcome.turn());
    }

    void requireAlive() {
        context.alive().run();
    }

    <T> T run(FsQueue.Body<T> body) {
        return queue.run(context.section(), context.scratch(), context.millis(), body);
    }

    /** Several batches, of whatever sessions, in the files of this one. */
    List<List<Draft>> writeAll(List<List<NewTask>> batches, List<SyncedFile> files) throws IOException {
        List<Draft> all = write(batches.stream().flatMap(List::stream).toList(), files);
        List<List<Draft>> drafts = new ArrayList<>();
        int from = 0;
        for (List<NewTask> batch : batches) {
            drafts.add(all.subList(from, from + batch.size()));
            from += batch.size();
        }
        return drafts;
    }

    Outcome enqueueAlone(List<NewTask> tasks) throws IOException {
        List<SyncedFile> files = new ArrayList<>();
        try {
            List<Draft> drafts = write(tasks, files);
            return run(turn -> add(turn, drafts));
        } finally {
            for (SyncedFile file : files) {
                file.close();
            }
        }
    }

    private List<Draft> write(List<NewTask> tasks, List<SyncedFile> files) throws IOException {
        List<Draft> drafts = new ArrayList<>();
        List<Encoded> together = new ArrayList<>();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (NewTask task : tasks) {
            TaskId id = task.id().orElseGet(() -> new TaskId(UUID.randomUUID().toString()));
            TaskFile content = TaskFile.of(task, id, context.time().wall());
            byte[] record = content.encode();
            if (together.size() == TASKS_PER_FILE || bytes.size() + record.length > BYTES_PER_FILE) {
                write(together, bytes, drafts, files);
            }
            together.add(new Encoded(content, record));
            bytes.writeBytes(record);
        }
        write(together, bytes, drafts, files);
        return drafts;
    }

    private void write(List<Encoded> together, ByteArrayOutputStream bytes, List<Draft> drafts, List<SyncedFile> files)
            throws IOException {
        if (!together.isEmpty()) {
            Writes writes = context.writes();
            boolean byLog = together.stream().allMatch(Encoded::isForLog) && writes.areLogged(context.section());
            SyncedFile file = writes.draft(context.scratch().get(), bytes.toByteArray(), writes.isSynced() && !byLog);
            files.add(file);
            boolean alone = together.size() == 1;
            together.forEach(task -> drafts.add(new Draft(task.content(), file, alone, byLog ? task.record() : null)));
            together.clear();
            bytes.reset();
        }
    }

    /**
     * What is to become of one.
     *
     * @param known what there is instead of a new task, or null
     * @param open what it has to wait for
     */
    private record Judged(Draft draft, @Nullable Object known, Set<TaskId> open) {}

    /** Inside: judges a batch as a whole, then adds it. */
    Outcome add(QueueTurn turn, List<Draft> drafts) throws IOException {
        List<Judged> judged = new ArrayList<>();
        Map<String, TaskId> dedup = new HashMap<>();
        Set<TaskId> ids = new HashSet<>();
        for (Draft draft : drafts) {
            Object same = same(turn, draft.content, ids, dedup);
            if (same != null) {
                judged.add(new Judged(draft, same, Set.of()));
            } else {
                judged.add(new Judged(draft, null, open(turn, draft.content.task(), ids)));
                ids.add(draft.content.id());
                draft.content.task().dedupKey().ifPresent(key -> dedup.put(key, draft.content.id()));
            }
        }
        int fresh = ids.size();
        if (fresh > 0) {
            checkBounds(turn, fresh);
        }
        List<Object> outcome = new ArrayList<>();
        long number = 0;
        if (fresh > 0) {
            // Counted before: whoever dies now leaves a count that is too high, which is counted anew when it matters.
            number = turn.directory().counts(turn.turn()).come(turn.turn(), fresh);
            own.come(turn.turn(), fresh);
        }
        for (Judged one : judged) {
            outcome.add(one.known != null ? one.known : add(turn, one.draft, one.open, number++));
        }
        own.came();
        return new Outcome(turn, outcome, false);
    }

    /** The id of the task that this one would be once more, what is left of it where it is gone, or null. */
    private @Nullable Object same(QueueTurn turn, TaskFile content, Set<TaskId> ids, Map<String, TaskId> dedup)
            throws IOException {
        TaskId id = content.id();
        if (ids.contains(id)) {
            return id;
        }
        if (content.task().id().isPresent()) {
            String hint = Links.read(queue.layout().id(id));
            TaskState gone = TaskFinder.endOf(hint);
            if (gone != null) {
                return content.info(gone, 0, "");
            }
            QueueDirectory.Entry entry = hint == null ? null : turn.directory().find(id);
            if (entry != null) {
                turn.keep(entry.file());
                return id;
            }
        }
        if (content.task().dedupKey().isPresent()) {
            String key = content.task().dedupKey().get();
            if (dedup.containsKey(key)) {
                return dedup.get(key);
            }
            String first = Links.read(queue.layout().dedup().resolve(Links.hash(key)));
            QueueDirectory.Entry entry =
                    first == null || first.isEmpty() ? null : turn.directory().find(new TaskId(first));
            if (entry == null || entry.state().isEnd()) {
                return null;
            }
            turn.keep(entry.file());
            return entry.name().task().id();
        }
        return null;
    }

    /** Those of its dependencies that are not done. */
    private Set<TaskId> open(QueueTurn turn, NewTask task, Set<TaskId> before) throws IOException {
        Set<TaskId> open = new HashSet<>();
        for (TaskId dependency : task.dependsOn()) {
            if (before.contains(dependency)) {
                open.add(dependency);
                continue;
            }
            TaskState state = state(turn, dependency);
            if (state == null) {
                throw Admission.unknown(dependency);
            }
            if (Admission.waitsFor(dependency, state)) {
                open.add(dependency);
            }
        }
        return open;
    }

    private @Nullable TaskState state(QueueTurn turn, TaskId id) throws IOException {
        QueueDirectory.Entry entry = turn.directory().find(id);
        if (entry != null) {
            return entry.state();
        }
        return TaskFinder.endOf(Links.read(queue.layout().id(id)));
    }

    /** Before it says no it looks again, but not by counting all tasks each time: what is remembered may be too much, never too little. */
    private void checkBounds(QueueTurn turn, int more) throws IOException {
        QueueSettings settings = turn.directory().settings(queue);
        QueueBounds.checkOpen(queue.name(), settings);
        long nanos = context.time().nanos();
        QueueCounts counts = turn.directory().counts(turn.turn());
        if (counts.pending() + more > settings.maxDepth()) {
            counts.recount(turn.turn(), nanos, turn.directory()::countPending);
        }
        long mine =
                own.pending(turn.turn(), (long) settings.maxPerSession() - more, nanos, new TaskWalk(queue.layout()));
        QueueBounds.check(queue.name(), settings, counts.pending(), mine, more);
    }

    private TaskInfo add(QueueTurn turn, Draft draft, Set<TaskId> open, long number) throws IOException {
        NewTask task = draft.content.task();
        Route route = Route.of(task);
        turn.directory().lanes().make(route, context.scratch().get());
        TaskName name = new TaskName(
                turn.turn().nextPosition(),
                task.priority(),
                number,
                0,
                0,
                task.maxAttempts(),
                Lanes.of(route),
                task.orderingKey().isPresent(),
                TaskName.by(context.me()),
                draft.content.id());
        TaskState state = turn.add(name, draft, open);
        return draft.content.info(state, 0, "");
    }
}
