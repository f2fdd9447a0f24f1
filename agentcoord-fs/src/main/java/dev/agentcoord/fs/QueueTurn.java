package dev.agentcoord.fs;

import dev.agentcoord.NewTask;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.queue.Admission;
import dev.agentcoord.core.queue.Route;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One turn in the section that changes a queue. What takes several names, such as the end of a task and the admission of the next one of
 * its ordering key, begins with a link {@code unsettled} that says whom it is about; whoever comes next finishes it.
 */
final class QueueTurn {
    /** What is longer goes onto the disk as a file: there would be little room in the log for others. */
    static final int LOGGED_BYTES = 64 * 1024;

    private final Turn turn;
    private final QueueDirectory directory;
    private final QueueLayout layout;
    private final TaskLocks locks;
    private final Supplier<Path> scratch;
    private final long now;
    private final TurnLog log;
    private final Set<Path> touched = new LinkedHashSet<>();
    private final Set<Path> moved = new LinkedHashSet<>();
    private final List<TaskName> admitted = new ArrayList<>();
    private final List<Ticket> freed = new ArrayList<>();
    private final Dependents dependents;
    private byte @Nullable [] note;

    QueueTurn(
            Turn turn, QueueDirectory directory, TaskLocks locks, Supplier<Path> scratch, long now, WriteAheadLog log) {
        this.turn = turn;
        this.directory = directory;
        this.layout = directory.layout();
        this.locks = locks;
        this.scratch = scratch;
        this.now = now;
        this.log = new TurnLog(log);
        this.dependents = new Dependents(this, directory, touched);
    }

    Turn turn() {
        return turn;
    }

    long now() {
        return now;
    }

    /** What waits for others, in this turn. */
    Dependents dependents() {
        return dependents;
    }

    /** A new name for a file being written. */
    Path scratch() {
        return scratch.get();
    }

    QueueDirectory directory() {
        return directory;
    }

    /** What the log is told of this turn. */
    TurnLog log() {
        return log;
    }

    /** Directories whose names changed, to be put onto the disk afterwards. */
    Set<Path> touched() {
        return touched;
    }

    /** Files that have a new name, which the log does not know of. */
    Set<Path> moved() {
        return moved;
    }

    /** Tasks that became ready, each of which somebody may wait for. */
    List<TaskName> admitted() {
        return admitted;
    }

    /** Tickets of others that are granted because tasks gave theirs up. */
    List<Ticket> freed() {
        return freed;
    }

    void move(TaskName task, Path from, Path target) throws IOException {
        directory.move(turn, task, from, target);
        touch(target);
        moved.add(target);
        if (note != null) {
            touched.add(layout.notes());
        }
    }

    /** Gives a task to a claimer or takes it from one; returns the tickets that go along, none of which waits. */
    List<Ticket> pass(TaskName task, Path from, Path target) throws IOException {
        List<Ticket> granted = locks.dropWaiting(turn, ownerOf(task), freed);
        move(task, from, target);
        return granted;
    }

    private Owner ownerOf(TaskName task) {
        return Owner.task(directory.queue(), task.id());
    }

    void touch(Path made) {
        touched.add(QueueLayout.parent(made));
    }

    /** A task that is there was perhaps promised to nobody yet: it is put onto the disk for whoever asks for it now. */
    void keep(Path file) {
        touch(file);
        touched.add(file);
        touched.add(layout.ids());
    }

    static String key(NewTask task) {
        return task.orderingKey().map(Links::hash).orElse("");
    }

    /** Puts a new task where it belongs; it has its draft's file, and its lane is there. */
    TaskState add(TaskName task, Enqueuer.Draft draft, Set<TaskId> open) throws IOException {
        TaskFile content = draft.content();
        String key = key(content.task());
        boolean keyIsTaken = !key.isEmpty() && Links.read(layout.first(key)) != null;
        if (!key.isEmpty()) {
            begin(task.id(), key);
            makeLine(key);
        }
        Links.put(layout.id(task.id()), TaskFinder.hint(task, key), scratch.get());
        for (TaskId dependency : open) {
            dependents.add(dependency, task, draft.file().path());
        }
        Admission admission = Admission.of(keyIsTaken, open.size(), content.due() <= now);
        Path target = directory.place(turn, task, admission, content.due(), key);
        directory.add(turn, task, draft, target);
        if (draft.forLog() != null) {
            log(target, task, draft.forLog(), true);
        } else {
            touch(target);
            touched.add(layout.ids());
        }
        if (!key.isEmpty()) {
            if (!keyIsTaken) {
                Links.make(layout.first(key), task.id().text());
            }
            touch(layout.first(key));
            settled();
        }
        if (content.task().dedupKey().isPresent()) {
            Path dedup =
                    layout.dedup().resolve(Links.hash(content.task().dedupKey().get()));
            Links.put(dedup, task.id().text(), scratch.get());
            touched.add(layout.dedup());
        }
        if (admission == Admission.ADMITTED) {
            admitted.add(task);
        }
        return admission.state();
    }

    /** Whether a task is in one place only and has one link, so that what is lost of it can be made again from those two. */
    static boolean isPlain(NewTask task) {
        return task.orderingKey().isEmpty()
                && task.dedupKey().isEmpty()
                && task.dependsOn().isEmpty()
                && Route.of(task).equals(Route.ANYONE);
    }

    private void log(Path target, TaskName task, byte @Nullable [] content, boolean byLog) {
        log.add(new LogRecord.Task(
                directory.queue(), layout.home().relativize(target).toString(), task.ready(), content, byLog));
    }

    /** Places the note on the delivery of a task that is about to end or to go back. */
    void note(TaskName task, Path draft, byte[] content) throws IOException {
        QueueDirectory.place(draft, layout.note(task));
        note = content;
    }

    /** Places a note that was not drafted outside; it is put onto the disk afterwards. */
    void writeNote(Path place, byte[] content) throws IOException {
        Path draft = scratch();
        Disk.create(draft, content, Layout.RECORD);
        QueueDirectory.place(draft, place);
        touched.add(place);
        touched.add(layout.notes());
    }

    private void makeLine(String key) throws IOException {
        QueueLayout.ensure(layout.keys().resolve(key));
        QueueLayout.ensure(layout.inLine(key));
        touched.add(layout.keys());
    }

    /** Lets a dead letter be tried again, behind others of its key if there are any. */
    void redrive(TaskName dead, Path file, NewTask task) throws IOException {
        TaskName again = dead.attempts(0);
        locks.drop(turn, locks.of(turn, ownerOf(dead)), freed);
        String key = key(task);
        boolean keyIsTaken = false;
        if (!key.isEmpty()) {
            begin(dead.id(), key);
            makeLine(key);
            keyIsTaken = !makeWay(dead, key);
        }
        Admission admission = Admission.of(keyIsTaken, 0, true);
        // Before it moves: should this process die in between, one too many is counted, never one too few.
        directory.counts(turn).add(turn, 1);
        move(again, file, directory.place(turn, again, admission, now, key));
        claimDedupKey(again, task);
        if (!key.isEmpty()) {
            if (!keyIsTaken) {
                Links.make(layout.first(key), dead.id().text());
            }
            touch(layout.first(key));
            settled();
        }
        if (admission == Admission.ADMITTED) {
            admitted.add(again);
        }
    }

    /** It has not ended any more, so no other of its dedup key is made, unless there has been one since. */
    private void claimDedupKey(TaskName again, NewTask task) throws IOException {
        if (task.dedupKey().isPresent()) {
            Path dedup = layout.dedup().resolve(Links.hash(task.dedupKey().get()));
            if (Links.read(dedup) == null) {
                Links.make(dedup, again.id().text());
                touched.add(layout.dedup());
            }
        }
    }

    /** Sends the first of a key back into the line where that one gives way; tells whether the key has no first now. */
    private boolean makeWay(TaskName redriven, String key) throws IOException {
        String first = Links.read(layout.first(key));
        if (first == null) {
            return true;
        }
        QueueDirectory.Entry entry = directory.find(new TaskId(first));
        if (entry == null
                || !Admission.givesWay(entry.state(), entry.name().task().number(), redriven.number())) {
            return false;
        }
        TaskName waiting = entry.name().task();
        move(waiting, entry.file(), directory.place(turn, waiting, Admission.IN_LINE, now, key));
        return Disk.unlink(layout.first(key));
    }

    /** Ends a task wherever it is, frees its keys and looks at what depends on it. */
    void end(TaskName task, Path file, TaskState end, NewTask what) throws IOException {
        String key = key(what);
        boolean others = end != TaskState.DEAD && directory.hasDependents(task.id());
        boolean several = !key.isEmpty() || others;
        if (several) {
            begin(task.id(), key);
        }
        boolean byLog = !several && end == TaskState.DONE && isPlain(what) && isNoteShort() && log.isThere();
        endAlone(task, file, end, what, byLog);
        if (several) {
            settle(task.id(), key, true, end);
            settled();
        }
    }

    /** Cancels a task wherever it is. A dead letter has ended before: only what depends on it is looked at. */
    void cancel(TaskName task, QueueDirectory.Entry entry, NewTask what) throws IOException {
        if (entry.state() != TaskState.DEAD) {
            end(task, entry.file(), TaskState.CANCELLED, what);
            return;
        }
        begin(task.id(), "");
        move(task, entry.file(), directory.place(turn, task, TaskState.CANCELLED, now));
        settle(task.id(), "", true, TaskState.CANCELLED);
        settled();
    }

    /** What a longer one says goes by the directories. */
    private boolean isNoteShort() {
        return note == null || note.length <= LOGGED_BYTES;
    }

    /** What has ended the log has to know in any case: a later boot would add the task once more where it finds it nowhere. */
    void endAlone(TaskName task, Path file, TaskState end, NewTask what, boolean byLog) throws IOException {
        List<Ticket> held = locks.of(turn, ownerOf(task));
        // Before it moves: where the tasks are counted for it, it has to be among them.
        QueueCounts counts = directory.counts(turn);
        Path target = directory.place(turn, task, end, now);
        if (byLog) {
            directory.move(turn, task, file, target);
            log(target, task, note, true);
        } else {
            move(task, file, target);
            if (log.isThere()) {
                log(target, task, null, false);
            }
        }
        locks.drop(turn, held, freed);
        counts.add(turn, -1);
        if (what.dedupKey().isPresent()) {
            Path dedup = layout.dedup().resolve(Links.hash(what.dedupKey().get()));
            if (task.id().text().equals(Links.read(dedup))) {
                Disk.unlink(dedup);
            }
        }
    }

    /** Says what is about to be done, so that it will be. */
    private void begin(TaskId task, String key) throws IOException {
        String text = task + "/" + key;
        try {
            Links.make(layout.unsettled(), text);
        } catch (FileAlreadyExistsException e) {
            settleOthers();
            Links.make(layout.unsettled(), text);
        }
        directory.part(true);
    }

    private void settled() throws IOException {
        Disk.unlink(layout.unsettled());
        directory.part(false);
    }

    /** Finishes what somebody else began and did not live to finish. */
    void settleOthers() throws IOException {
        String text = Links.read(layout.unsettled());
        if (text == null) {
            return;
        }
        directory.part(true);
        int slash = text.indexOf('/');
        if (slash > 0 && (slash == text.length() - 1 || Links.isHash(text.substring(slash + 1)))) {
            TaskId id = new TaskId(text.substring(0, slash));
            QueueDirectory.Entry entry = directory.find(id);
            settle(
                    id,
                    text.substring(slash + 1),
                    entry == null || entry.state().isEnd(),
                    entry == null ? null : entry.state());
        }
        settled();
    }

    private void settle(TaskId id, String key, boolean over, @Nullable TaskState state) throws IOException {
        if (!key.isEmpty()) {
            settleLine(id, key, over);
        }
        if (state == TaskState.DONE || state == TaskState.CANCELLED) {
            dependents.settle(id, state);
        }
    }

    private void settleLine(TaskId id, String key, boolean over) throws IOException {
        String first = Links.read(layout.first(key));
        if (first != null && !first.equals(id.text())) {
            Path next = new Shelf(layout.inLine(key)).first();
            if (next != null && TaskName.isOf(String.valueOf(next.getFileName()), new TaskId(first))) {
                admit(next);
            }
        } else if (over) {
            advance(key);
        } else if (first == null && Disk.isDirectory(layout.inLine(key))) {
            Links.make(layout.first(key), id.text());
        }
    }

    /** The next of a key becomes its first, or the key is free. */
    void advance(String key) throws IOException {
        Shelf line = new Shelf(layout.inLine(key));
        Path next = line.first();
        if (next == null) {
            line.clear();
            Disk.unlink(layout.first(key));
            Disk.removeIfEmpty(layout.inLine(key));
            Disk.removeIfEmpty(layout.keys().resolve(key));
            touched.add(layout.keys());
            return;
        }
        TaskName task = parse(next);
        Links.put(layout.first(key), task.id().text(), scratch.get());
        touch(layout.first(key));
        admit(next);
    }

    /** Lets a blocked task go where it has to wait next. */
    void admit(Path file) throws IOException {
        TaskName task = parse(file);
        TaskFile content = read(file, task.id());
        Admission admission = Admission.of(false, dependents.open(content, task), content.due() <= now);
        move(task, file, directory.place(turn, task, admission, content.due(), ""));
        if (admission == Admission.ADMITTED) {
            admitted.add(task);
        }
    }

    static TaskName parse(Path file) {
        return TaskName.parse(QueueLayout.parent(file), String.valueOf(file.getFileName()))
                .task();
    }

    static TaskFile read(Path file, TaskId id) throws IOException {
        return TaskFile.decode(file, Calls.read(file), id);
    }

    /** The file's content, or null where it moved on. */
    static @Nullable TaskFile readIfThere(Path file, TaskId id) throws IOException {
        try {
            return read(file, id);
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
