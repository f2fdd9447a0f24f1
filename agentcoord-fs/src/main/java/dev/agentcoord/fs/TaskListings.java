package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.QueueStatus;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.PageCursor;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What is to be seen of a queue. Pages and counts are taken outside the section, so of a queue at work they are of several moments. */
final class TaskListings {
    /** A slot, and the name of the last task of it that was shown. */
    private static final Pattern CURSOR = Pattern.compile("[0-9]?:[^/]+/[^/]+");

    private final FsQueue queue;
    private final FsTaskStore.Context context;

    TaskListings(FsQueue queue, FsTaskStore.Context context) {
        this.queue = queue;
        this.context = context;
    }

    Optional<TaskInfo> find(TaskId id) throws IOException {
        while (true) {
            Optional<QueueDirectory.Entry> entry = entry(id);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            Optional<TaskInfo> task = stillThere(entry.get());
            if (task.isPresent()) {
                return task;
            }
        }
    }

    private Optional<QueueDirectory.Entry> entry(TaskId id) {
        return queue.run(
                context.section(),
                context.scratch(),
                context.millis(),
                turn -> Optional.ofNullable(turn.directory().find(id)));
    }

    List<TaskAttempt> history(TaskId id, int limit) throws IOException {
        Optional<QueueDirectory.Entry> entry = entry(id);
        return entry.isEmpty()
                ? List.of()
                : new TaskNotes(queue.layout())
                        .history(entry.get().name().task(), entry.get().state(), limit);
    }

    /** What callers of an enqueue are told. */
    List<TaskInfo> infos(Enqueuer.Outcome outcome) throws IOException {
        List<TaskInfo> infos = new ArrayList<>();
        for (Object task : outcome.tasks()) {
            infos.add(task instanceof TaskInfo info ? info : find((TaskId) task).orElseThrow());
        }
        return infos;
    }

    /** The task, or empty when it moved on after it was found. */
    private Optional<TaskInfo> stillThere(QueueDirectory.Entry entry) throws IOException {
        try {
            return Optional.of(queue.info(entry));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    TaskPage list(TaskState state, String cursor, int limit) throws IOException {
        int slash = PageCursor.require(cursor, CURSOR).indexOf('/');
        String fromSlot = cursor.isEmpty() ? "" : cursor.substring(0, slash);
        String after = cursor.substring(slash + 1);
        List<TaskInfo> page = new ArrayList<>();
        String last = "";
        for (Map.Entry<String, List<Path>> slot : slots(state).tailMap(fromSlot).entrySet()) {
            SortedMap<String, Path> names = new TreeMap<>();
            for (Path bucket : slot.getValue()) {
                TaskWalk.names(bucket).forEach(name -> names.put(name, bucket));
            }
            for (Map.Entry<String, Path> name : names.entrySet()) {
                if (slot.getKey().equals(fromSlot) && name.getKey().compareTo(after) <= 0) {
                    continue;
                }
                if (page.size() == limit) {
                    return new TaskPage(page, last);
                }
                readable(entry(name.getValue(), name.getKey(), state)).ifPresent(page::add);
                last = slot.getKey() + "/" + name.getKey();
            }
        }
        return new TaskPage(page, null);
    }

    /** One that is damaged must not hide the others; whoever asks for it by its id is told. */
    private Optional<TaskInfo> readable(QueueDirectory.Entry entry) throws IOException {
        try {
            return stillThere(entry);
        } catch (CorruptRecordException e) {
            return Optional.empty();
        }
    }

    private static QueueDirectory.Entry entry(Path bucket, String name, TaskState state) {
        return new QueueDirectory.Entry(TaskName.parse(bucket, name), bucket.resolve(name), state);
    }

    /** The buckets of a state in the order of their tasks; several whose tasks are in one order together. */
    private SortedMap<String, List<Path>> slots(TaskState state) throws IOException {
        TaskWalk walk = new TaskWalk(queue.layout());
        SortedMap<String, List<Path>> slots = new TreeMap<>();
        if (state == TaskState.READY) {
            for (int priority = 0; priority < QueueLayout.PRIORITIES; priority++) {
                put(slots, Integer.toString(priority), walk.ready(priority));
            }
        } else {
            put(slots, "", walk.buckets(state));
        }
        return slots;
    }

    private static void put(SortedMap<String, List<Path>> slots, String group, List<Path> buckets) {
        for (Path bucket : buckets) {
            String name = String.valueOf(bucket.getFileName());
            int end = name.indexOf('~');
            String slot = group + ":" + (end < 0 ? name : name.substring(0, end));
            slots.computeIfAbsent(slot, s -> new ArrayList<>()).add(bucket);
        }
    }

    QueueStatus status() throws IOException {
        TaskWalk walk = new TaskWalk(queue.layout());
        Map<TaskState, Integer> depth = new EnumMap<>(TaskState.class);
        for (TaskState state : TaskState.values()) {
            depth.put(state, walk.count(state));
        }
        return new QueueStatus(depth, oldest(walk), queue.settings());
    }

    /** Of each line the first is the oldest. */
    private @org.jspecify.annotations.Nullable Duration oldest(TaskWalk walk) throws IOException {
        Instant oldest = null;
        for (int priority = 0; priority < QueueLayout.PRIORITIES; priority++) {
            Path first = null;
            for (Path bucket : walk.ready(priority)) {
                List<String> names = TaskWalk.names(bucket);
                if (!names.isEmpty()
                        && (first == null || names.get(0).compareTo(String.valueOf(first.getFileName())) < 0)) {
                    first = bucket.resolve(names.get(0));
                }
            }
            TaskFile content = first == null
                    ? null
                    : QueueTurn.readIfThere(first, QueueTurn.parse(first).id());
            if (content != null && (oldest == null || content.enqueued().isBefore(oldest))) {
                oldest = content.enqueued();
            }
        }
        return oldest == null ? null : Duration.between(oldest, context.time().wall());
    }
}
