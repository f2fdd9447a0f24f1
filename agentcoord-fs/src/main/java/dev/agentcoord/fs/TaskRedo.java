package dev.agentcoord.fs;

import dev.agentcoord.TaskState;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Does again, in a new boot, what the log says of tasks and a power cut took back. A task that was added and is nowhere gets its name from
 * its draft, which was put onto the disk under that; one that was done and is somewhere else goes to those that are done, with its note.
 * Used inside, before anybody remembers anything of the queues.
 */
final class TaskRedo {
    private static final String DONE = "ended";
    private static final Pattern PLACE =
            Pattern.compile("(?:ready/[0-9]|scheduled|ended|dead|cancelled)/[0-9a-f~]+/[A-Za-z0-9._~-]+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_~-][A-Za-z0-9._~-]*");

    private final Layout layout;

    TaskRedo(Layout layout) {
        this.layout = layout;
    }

    /** Of all queues; of what nobody of us wrote nothing is believed. */
    void run(List<LogRecord.Entry> entries) throws IOException {
        Map<String, List<LogRecord.Task>> queues = new LinkedHashMap<>();
        for (LogRecord.Entry entry : entries) {
            if (entry instanceof LogRecord.Task task
                    && NAME.matcher(task.queue()).matches()
                    && PLACE.matcher(task.place()).matches()) {
                queues.computeIfAbsent(task.queue(), name -> new ArrayList<>()).add(task);
            }
        }
        for (Map.Entry<String, List<LogRecord.Task>> queue : queues.entrySet()) {
            Path home = layout.queues().resolve(queue.getKey());
            if (Disk.isDirectory(home)) {
                new Queue(new QueueLayout(home), queue.getValue()).run();
            }
        }
    }

    /** One queue; its tasks are told apart by their sequence, since an id may come again once it is forgotten. */
    private final class Queue {
        private final QueueLayout queue;
        private final Map<Long, Path> there = new HashMap<>();
        private final Map<Long, LogRecord.Task> added = new LinkedHashMap<>();
        private final Map<Long, LogRecord.Task> ended = new LinkedHashMap<>();
        private final Map<Path, Shelf> shelves = new HashMap<>();

        Queue(QueueLayout queue, List<LogRecord.Task> tasks) {
            this.queue = queue;
            for (LogRecord.Task task : tasks) {
                boolean isNew =
                        task.place().startsWith("ready/") || task.place().startsWith("scheduled/");
                TaskName name = parse(task.name());
                if (name != null && isNew) {
                    added.put(name.sequence(), task);
                } else if (name != null) {
                    // One that was dead may have been redriven and done since.
                    ended.merge(name.sequence(), task, (a, b) -> isDone(a) ? a : b);
                }
            }
        }

        void run() throws IOException {
            findAll();
            for (LogRecord.Task task : added.values()) {
                add(TaskName.parse(layout.log(), task.name()).task(), task);
            }
            for (LogRecord.Task task : ended.values()) {
                if (isDone(task)) {
                    end(TaskName.parse(layout.log(), task.name()).task(), task);
                }
            }
        }

        private void findAll() throws IOException {
            TaskWalk walk = new TaskWalk(queue);
            for (TaskState state : TaskState.values()) {
                for (Path bucket : walk.buckets(state)) {
                    for (String name : TaskWalk.names(bucket)) {
                        TaskName task = parse(name);
                        if (task != null) {
                            there.put(task.sequence(), bucket.resolve(name));
                        }
                    }
                }
            }
        }

        private void add(TaskName name, LogRecord.Task task) throws IOException {
            String link = Links.read(queue.id(name.id()));
            if (!there.containsKey(name.sequence()) && TaskFinder.endOf(link) == null) {
                LogRecord.Task end = ended.get(name.sequence());
                Path draft = end == null || isDone(end) ? draft(task) : null;
                if (draft == null) {
                    return;
                }
                place(draft, task, name);
            }
            Path file = there.get(name.sequence());
            if (link == null && file != null && TaskName.isOf(String.valueOf(file.getFileName()), name.id())) {
                Links.make(queue.id(name.id()), TaskFinder.hint(name, ""));
            }
        }

        private void place(Path draft, LogRecord.Task task, TaskName name) throws IOException {
            Path target = target(task, name);
            if (target != null) {
                copy(draft, target);
                there.put(name.sequence(), target);
            }
        }

        private void end(TaskName name, LogRecord.Task task) throws IOException {
            Path file = there.get(name.sequence());
            Path target = target(task, name);
            if (file != null
                    && target != null
                    && !QueueLayout.parent(QueueLayout.parent(file)).equals(queue.ended())) {
                Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            }
            Path note = draft(task);
            if (file != null && note != null && !Disk.isThere(queue.note(name))) {
                copy(note, queue.note(name));
            }
        }

        /** In the bucket of its range if there is one, since there is at most one of each; null where somebody made something there by hand. */
        private @Nullable Path target(LogRecord.Task task, TaskName name) throws IOException {
            Path recorded = queue.home().resolve(task.place());
            Path bucket = QueueLayout.parent(recorded);
            Path dir = QueueLayout.parent(bucket);
            if (!dir.equals(queue.scheduled())) {
                Shelf shelf = shelves.computeIfAbsent(dir, Shelf::new);
                Path found = shelf.bucketOf(name.number());
                bucket = found != null ? found : bucket;
                shelf.added(String.valueOf(bucket.getFileName()), name.ready());
            }
            Disk.ensureDirectory(bucket, Layout.SHARED_DIR);
            Path target = bucket.resolve(recorded.getFileName());
            return Disk.isDirectory(bucket) && (Disk.isFile(target) || !Disk.isThere(target)) ? target : null;
        }

        private @Nullable Path draft(LogRecord.Task task) throws IOException {
            Path draft = layout.tmp().resolve(task.draft());
            return NAME.matcher(task.draft()).matches() && Disk.isFile(draft) ? draft : null;
        }
    }

    /**
     * Gives a draft one more name, since tasks of one batch share it and its session's sweep removes the first. The kernel lets nobody link
     * another user's file, so of that a copy is made.
     */
    private void copy(Path draft, Path target) throws IOException {
        try {
            Files.createLink(target, draft);
        } catch (FileAlreadyExistsException e) {
            // There all the same.
            return;
        } catch (FileSystemException e) {
            Path copy = Layout.temporary(layout.root());
            Disk.create(copy, Calls.read(draft), Layout.RECORD);
            Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static boolean isDone(LogRecord.Task task) {
        return task.place().startsWith(DONE + "/");
    }

    private @Nullable TaskName parse(String name) {
        return TaskName.isOne(name) ? TaskName.parse(layout.log(), name).task() : null;
    }
}
