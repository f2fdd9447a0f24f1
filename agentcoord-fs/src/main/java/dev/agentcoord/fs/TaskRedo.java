package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Retention;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Does again, in a new boot, what the log says of tasks and a power cut took back. A task that was added and is nowhere, or whose file is
 * not whole, is written once more; one that was done and is somewhere else goes to those that are done, with its note. And takes away
 * what was never promised and has a name without content. Used inside, before anybody remembers anything of the queues.
 */
final class TaskRedo {
    private static final String DONE = "ended";
    private static final Pattern PLACE =
            Pattern.compile("(?:ready/[0-9]|scheduled|ended|dead|cancelled)/[0-9a-f~]+/[A-Za-z0-9._~-]+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_~-][A-Za-z0-9._~-]*");

    private static final long STEPS = 7;
    private static final int PAGE = 4096;

    private final Layout layout;
    private final long since;
    private boolean hasChanged;
    private boolean hasFailed;
    /** Tasks of a batch follow one another and have one file. */
    private @Nullable Object latestFile;

    private byte[] latestContent = {};

    /** Tasks of a later position are younger than the boot before. */
    TaskRedo(Layout layout, long since) {
        this.layout = layout;
        this.since = since;
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
        List<NoteDraft> drafts = NoteDraft.in(layout.tmp());
        for (String name : Disk.listIfThere(layout.queues())) {
            Path home = layout.queues().resolve(name);
            if (NAME.matcher(name).matches() && Disk.isDirectory(home)) {
                Queue queue = new Queue(new QueueLayout(home), queues.getOrDefault(name, List.of()));
                run(
                        queue,
                        drafts.stream()
                                .filter(draft -> draft.home().queue().equals(name))
                                .toList());
            }
        }
    }

    /** Whether anything was changed that no record tells of. */
    boolean hasChanged() {
        return hasChanged;
    }

    /** Whether that of some queue could not be done, so that a later boot has to try again. */
    boolean hasFailed() {
        return hasFailed;
    }

    /** What somebody made in one queue keeps nobody out of the others. */
    private void run(Queue queue, List<NoteDraft> drafts) {
        try {
            queue.run();
            for (NoteDraft draft : drafts) {
                queue.giveBack(draft);
            }
        } catch (IOException | CoordinationException e) {
            hasFailed = true;
        }
    }

    /** Where a task is. */
    private record Place(Path bucket, String name, TaskState state) {
        Path file() {
            return bucket.resolve(name);
        }

        /**
         * How far it is there: each delivery takes a task from ready to claimed, and from there to an end or back. A dead letter may have
         * been redriven.
         */
        long stage(TaskName task) {
            int step = switch (state) {
                case CLAIMED -> 0;
                case DEAD -> 1;
                case BLOCKED -> isInLine() ? 3 : 2;
                case SCHEDULED -> 4;
                case READY -> 5;
                case DONE, CANCELLED -> 6;
            };
            return STEPS * task.delivery() + step;
        }

        private boolean isInLine() {
            return QueueLayout.parent(bucket).endsWith(QueueLayout.WAITING);
        }
    }

    /** One queue; its tasks are told apart by their sequence, since an id may come again once it is forgotten. */
    private final class Queue {
        private final QueueLayout queue;
        private final Map<Long, Place> there = new HashMap<>();
        private final Map<TaskName, Path> unlogged = new LinkedHashMap<>();
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
            for (Map.Entry<TaskName, Path> task : unlogged.entrySet()) {
                discardIfCutShort(task.getKey(), task.getValue());
            }
        }

        private void findAll() throws IOException {
            TaskWalk walk = new TaskWalk(queue);
            for (TaskState state : TaskState.values()) {
                for (Path bucket : walk.buckets(state)) {
                    // What else somebody made there must neither keep everybody out nor lead elsewhere.
                    for (String name : Disk.isDirectory(bucket) ? TaskWalk.names(bucket) : List.<String>of()) {
                        found(new Place(bucket, name, state));
                    }
                }
            }
        }

        private void add(TaskName name, LogRecord.Task task) throws IOException {
            byte[] content = task.content();
            String link = Links.read(queue.id(name.id()));
            Path file = fileOf(name);
            if (content == null) {
                return;
            }
            if (file == null && TaskFinder.endOf(link) == null && isToBeThere(name)) {
                file = target(task, name);
                if (file != null) {
                    write(content, file);
                    there.put(
                            name.sequence(),
                            new Place(QueueLayout.parent(file), String.valueOf(file.getFileName()), TaskState.READY));
                }
            } else if (file != null && Disk.isFile(file) && !isWhole(file, name.id())) {
                write(content, file);
            }
            if (link == null && file != null && TaskName.isOf(String.valueOf(file.getFileName()), name.id())) {
                Links.make(queue.id(name.id()), TaskFinder.hint(name, ""));
            }
        }

        /** Of most nothing is to be known but that they are there. */
        private void found(Place place) throws IOException {
            long sequence = TaskName.sequenceOf(place.name);
            boolean matters = sequence > since
                    || there.containsKey(sequence)
                    || added.containsKey(sequence)
                    || ended.containsKey(sequence);
            if (sequence >= 0 && !matters) {
                there.put(sequence, place);
                return;
            }
            TaskName task = sequence < 0 ? null : parse(place.name);
            if (task != null && isLatest(task, place)) {
                there.put(sequence, place);
                if (isUnlogged(task)) {
                    unlogged.put(task, place.file());
                }
            }
        }

        /**
         * A directory that is synced may remember a name that came without forgetting, in another directory, where it came from, as btrfs
         * does. The same file has two names then, and the one it had before goes.
         */
        private boolean isLatest(TaskName task, Place place) throws IOException {
            Place other = there.get(task.sequence());
            TaskName otherName = other == null ? null : parse(other.name);
            if (other == null || otherName == null || !isOneFile(other.file(), place.file())) {
                return true;
            }
            boolean isLater = place.stage(task) > other.stage(otherName);
            Path earlier = isLater ? other.file() : place.file();
            Disk.unlink(earlier);
            hasChanged = true;
            if (isLater) {
                unlogged.remove(otherName);
            }
            return isLater;
        }

        private static boolean isOneFile(Path one, Path other) throws IOException {
            return Disk.isFile(one) && Disk.links(one) > 1 && Objects.equals(Disk.identity(one), Disk.identity(other));
        }

        private @Nullable Path fileOf(TaskName task) {
            Place place = there.get(task.sequence());
            return place == null ? null : place.file();
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
            if (isCutShort(file, task.id())) {
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
            LogRecord.Task end = ended.get(name.sequence());
            return end == null || isDone(end) || Retention.remembersId(momentOf(end), Instant.now());
        }

        private Instant momentOf(LogRecord.Task end) {
            try {
                return Instant.ofEpochMilli(TaskName.momentOf(queue.home().resolve(end.place())));
            } catch (CorruptRecordException e) {
                return Instant.EPOCH;
            }
        }

        private void end(TaskName name, LogRecord.Task task) throws IOException {
            Path file = fileOf(name);
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
        private void giveBack(NoteDraft draft) throws IOException {
            for (Place place : there.values()) {
                boolean isOver = place.state.isEnd()
                        && TaskName.isOf(place.name, draft.home().task());
                TaskName task = isOver ? parse(place.name) : null;
                if (task != null && task.delivery() == draft.home().delivery() && !Disk.isThere(queue.note(task))) {
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
    }

    private void write(byte[] content, Path target) throws IOException {
        Path draft = Layout.temporary(layout.root());
        Disk.create(draft, content, Layout.RECORD);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean isWhole(Path file, TaskId id) {
        try {
            return TaskFile.decode(file, Calls.read(file), id).id().equals(id);
        } catch (IOException | CorruptRecordException e) {
            return false;
        }
    }

    /**
     * Whether its name has reached the disk without its content. Of a file of one page no part is there alone. What the disk cannot read is
     * damaged, not that.
     */
    private boolean isCutShort(Path file, TaskId id) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!now.isRegularFile() || now.size() <= PAGE) {
                return now.isRegularFile() && now.size() == 0;
            }
            if (!Objects.equals(now.fileKey(), latestFile)) {
                latestContent = Calls.read(file);
                latestFile = now.fileKey();
            }
            return !TaskFile.isIn(file, latestContent, id);
        } catch (CorruptRecordException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isDone(LogRecord.Task task) {
        return task.byLog() && task.place().startsWith(DONE + "/");
    }

    private @Nullable TaskName parse(String name) {
        try {
            return TaskName.parse(layout.log(), name).task();
        } catch (CorruptRecordException e) {
            return null;
        }
    }
}
