package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.core.queue.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@link TaskRedo} in one queue. A task that was added and is nowhere, or whose file is not whole, is written once more; one that
 * was done and is somewhere else goes to those that are done, with its note; and what was never promised and has a name without content
 * goes. Tasks are told apart by their sequence, since an id may come again once it is forgotten.
 */
final class QueueRedo {
    private static final String DONE = "ended";

    private final Layout layout;
    private final QueueLayout queue;
    private final long since;
    private final StandingTasks standing = new StandingTasks();
    private final TornFiles torn = new TornFiles();
    private final Map<Long, Logged> added = new LinkedHashMap<>();
    private final Map<Long, Logged> ended = new LinkedHashMap<>();
    private final Map<Path, Shelf> shelves = new HashMap<>();
    private boolean hasChanged;

    /** A record, and what its name says. */
    private record Logged(TaskName name, LogRecord.Task task) {
        boolean isDone() {
            return task.byLog() && task.place().startsWith(DONE + "/");
        }
    }

    QueueRedo(Layout layout, QueueLayout queue, long since, List<LogRecord.Task> tasks) {
        this.layout = layout;
        this.queue = queue;
        this.since = since;
        for (LogRecord.Task task : tasks) {
            boolean isNew = task.place().startsWith("ready/") || task.place().startsWith("scheduled/");
            TaskName name = TaskName.parseOrNull(task.name());
            if (name != null && isNew) {
                added.put(name.sequence(), new Logged(name, task));
            } else if (name != null) {
                // One that was dead may have been redriven and done since.
                ended.merge(name.sequence(), new Logged(name, task), (a, b) -> a.isDone() ? a : b);
            }
        }
    }

    /** Whether anything was changed that no record tells of. */
    boolean hasChanged() {
        return hasChanged || standing.hasChanged();
    }

    void run() throws IOException {
        standing.find(queue, this::matters);
        for (Logged one : added.values()) {
            add(one.name, one.task);
        }
        for (Logged one : ended.values()) {
            if (one.isDone()) {
                end(one.name, one.task);
            }
        }
        for (Map.Entry<TaskName, Path> task : standing.read().entrySet()) {
            if (isUnlogged(task.getKey())) {
                discardIfCutShort(task.getKey(), task.getValue());
            }
        }
    }

    private boolean matters(long sequence) {
        return sequence > since || added.containsKey(sequence) || ended.containsKey(sequence);
    }

    private void add(TaskName name, LogRecord.Task task) throws IOException {
        byte[] content = task.content();
        String link = Links.read(queue.id(name.id()));
        Path file = standing.fileOf(name);
        if (content == null) {
            return;
        }
        if (file == null && TaskFinder.endOf(link) == null && isToBeThere(name)) {
            file = target(task, name);
            if (file != null) {
                write(content, file);
                standing.put(name, file);
            }
        } else if (file != null && Disk.isFile(file) && !TornFiles.isWhole(file, name.id())) {
            write(content, file);
        }
        if (link == null && file != null && TaskName.isOf(String.valueOf(file.getFileName()), name.id())) {
            Links.make(queue.id(name.id()), TaskFinder.hint(name, ""));
        }
    }

    /** Whether the log would say more if it had been promised by a process that uses one, or nobody waited for the disk. */
    private boolean isUnlogged(TaskName task) {
        return task.sequence() > since
                && !added.containsKey(task.sequence())
                && !ended.containsKey(task.sequence())
                && !task.isKeyed()
                && task.lane().equals(QueueLayout.ANYONE);
    }

    /** Its name may be on the disk without its content, and without the record of the log that would have followed. */
    private void discardIfCutShort(TaskName task, Path file) throws IOException {
        if (torn.isCutShort(file, task.id())) {
            Disk.unlink(file);
            Disk.discard(queue.id(task.id()));
            hasChanged = true;
        }
    }

    /**
     * One that has ended by the directories is there if that was ever promised, unless it was removed since. As long as its id would say
     * so it was not.
     */
    private boolean isToBeThere(TaskName name) {
        Logged end = ended.get(name.sequence());
        return end == null || end.isDone() || Retention.remembersId(momentOf(end.task), Instant.now());
    }

    private Instant momentOf(LogRecord.Task end) {
        try {
            return Instant.ofEpochMilli(TaskName.momentOf(queue.home().resolve(end.place())));
        } catch (CorruptRecordException e) {
            return Instant.EPOCH;
        }
    }

    private void end(TaskName name, LogRecord.Task task) throws IOException {
        Path file = standing.fileOf(name);
        Path target = target(task, name);
        if (file != null
                && target != null
                && !QueueLayout.parent(QueueLayout.parent(file)).equals(queue.ended())) {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        }
        byte[] note = task.content();
        if (file != null && note != null && !Disk.isThere(queue.note(name))) {
            write(note, queue.note(name));
        }
    }

    /** A task that has ended has its note, also where the end was never promised: nobody would do it again. */
    void giveBack(NoteDrafts drafts) throws IOException {
        if (standing.haveSomeEnded()) {
            for (NoteDraft draft : drafts.of(String.valueOf(queue.home().getFileName()))) {
                giveBack(draft);
            }
        }
    }

    private void giveBack(NoteDraft draft) throws IOException {
        for (TaskName task : standing.ended(draft.home().task())) {
            if (task.delivery() == draft.home().delivery() && !Disk.isThere(queue.note(task))) {
                write(draft.content(), queue.note(task));
                hasChanged = true;
            }
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

    private void write(byte[] content, Path target) throws IOException {
        Disk.replace(target, content, Layout.temporary(layout.root()));
    }
}
