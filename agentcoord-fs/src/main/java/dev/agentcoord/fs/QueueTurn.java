package dev.agentcoord.fs;

import dev.agentcoord.NewTask;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.queue.Admission;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
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
    private final Turn turn;
    private final QueueDirectory directory;
    private final QueueLayout layout;
    private final TaskLocks locks;
    private final Supplier<Path> scratch;
    private final long now;
    private final Set<Path> touched = new LinkedHashSet<>();
    private final List<TaskName> admitted = new ArrayList<>();
    private final List<Ticket> freed = new ArrayList<>();

    QueueTurn(Turn turn, QueueDirectory directory, TaskLocks locks, Supplier<Path> scratch, long now) {
        this.turn = turn;
        this.directory = directory;
        this.layout = directory.layout();
        this.locks = locks;
        this.scratch = scratch;
        this.now = now;
    }

    Turn turn() {
        return turn;
    }

    long now() {
        return now;
    }

    QueueDirectory directory() {
        return directory;
    }

    /** Directories whose names changed, to be put onto the disk afterwards. */
    Set<Path> touched() {
        return touched;
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
            QueueLayout.ensure(layout.dependents(dependency));
            Path link = layout.dependents(dependency).resolve(task.ready());
            Files.createLink(link, draft.file().path());
            touch(link);
        }
        Admission admission = Admission.of(keyIsTaken, open.size(), content.due() <= now);
        Path target = directory.place(turn, task, admission, content.due(), key);
        directory.add(turn, task, draft, target);
        touch(target);
        touched.add(layout.ids());
        if (!key.isEmpty()) {
            if (!keyIsTaken) {
                Links.make(layout.first(key), task.id().text());
            }
            touched.add(QueueLayout.parent(layout.first(key)));
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
        endAlone(task, file, end, what);
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

    private void endAlone(TaskName task, Path file, TaskState end, NewTask what) throws IOException {
        List<Ticket> held = locks.of(turn, ownerOf(task));
        move(task, file, directory.place(turn, task, end, now));
        locks.drop(turn, held, freed);
        directory.counts(turn).add(turn, -1);
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
            settleDependents(id, state);
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
    private void advance(String key) throws IOException {
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
        admit(next);
    }

    /** Lets a blocked task go where it has to wait next. */
    private void admit(Path file) throws IOException {
        TaskName task = parse(file);
        TaskFile content = read(file, task.id());
        Admission admission = Admission.of(false, open(content, task), content.due() <= now);
        move(task, file, directory.place(turn, task, admission, content.due(), ""));
        if (admission == Admission.ADMITTED) {
            admitted.add(task);
        }
    }

    private int open(TaskFile content, TaskName task) throws IOException {
        int open = 0;
        for (TaskId dependency : content.task().dependsOn()) {
            Path link = layout.dependents(dependency).resolve(task.ready());
            open += Disk.isThere(link) ? 1 : 0;
        }
        return open;
    }

    private void settleDependents(TaskId ended, TaskState state) throws IOException {
        if (state == TaskState.CANCELLED) {
            cancelDependents(ended);
        } else {
            releaseDependents(ended);
        }
    }

    private void releaseDependents(TaskId done) throws IOException {
        Path links = layout.dependents(done);
        for (String name : TaskWalk.names(links)) {
            TaskName task = TaskName.parse(links, name).task();
            Path bucket = directory.blocked().bucketOf(task.number());
            Disk.unlink(links.resolve(name));
            if (bucket != null && Disk.isThere(bucket.resolve(name))) {
                TaskFile content = read(bucket.resolve(name), task.id());
                if (open(content, task) == 0) {
                    admit(bucket.resolve(name));
                }
            }
        }
        removeDependents(done);
    }

    private void removeDependents(TaskId on) throws IOException {
        Disk.removeIfEmpty(layout.dependents(on));
        touched.add(layout.dependents());
    }

    /** A cancelled task whose dependents are being cancelled; without a name the one with which it began. */
    private record Cancelled(
            TaskId id, @Nullable Path link, @Nullable NewTask what, Iterator<String> dependents) {}

    /**
     * Cancels whatever depends on a task, and what depends on that, however long the chain. The link to a task goes once all that depends on
     * it is cancelled, so that whoever finishes this finds it again.
     */
    private void cancelDependents(TaskId first) throws IOException {
        Set<TaskId> met = new HashSet<>(Set.of(first));
        Deque<Cancelled> chain = new ArrayDeque<>();
        chain.push(cancelled(first, null, null));
        while (!chain.isEmpty()) {
            Cancelled last = chain.element();
            if (!last.dependents.hasNext()) {
                removeDependents(last.id);
                forgetLinks(last);
                chain.pop();
                continue;
            }
            Path links = layout.dependents(last.id);
            String name = last.dependents.next();
            TaskName task = TaskName.parse(links, name).task();
            if (met.add(task.id())) {
                Path link = links.resolve(name);
                chain.push(cancelled(task.id(), link, cancelDependent(task, link, last.id)));
            }
        }
    }

    private Cancelled cancelled(TaskId id, @Nullable Path link, @Nullable NewTask what) throws IOException {
        return new Cancelled(
                id, link, what, TaskWalk.names(layout.dependents(id)).iterator());
    }

    private void forgetLinks(Cancelled over) throws IOException {
        if (over.link != null && over.what != null) {
            forgetDependencies(over.what, parse(over.link));
            Disk.unlink(over.link);
        }
    }

    private NewTask cancelDependent(TaskName task, Path link, TaskId dependency) throws IOException {
        NewTask what = read(link, task.id()).task();
        String key = key(what);
        for (Shelf shelf : List.of(directory.blocked(), new Shelf(layout.inLine(key.isEmpty() ? "-" : key)))) {
            Path bucket = shelf.bucketOf(task.number());
            Path file = bucket == null ? null : bucket.resolve(task.ready());
            if (file != null && Disk.isThere(file)) {
                explain(task.id(), Admission.dependencyCancelled(dependency).reason());
                endAlone(task, file, TaskState.CANCELLED, what);
            }
        }
        if (!key.isEmpty() && task.id().text().equals(Links.read(layout.first(key)))) {
            advance(key);
        }
        return what;
    }

    private void explain(TaskId id, String reason) throws IOException {
        byte[] note = TaskNotes.encode(TaskAttempt.Outcome.CANCELLED, "", Instant.ofEpochMilli(now), reason);
        Path draft = scratch.get();
        Disk.create(draft, note, Layout.RECORD);
        QueueDirectory.place(draft, layout.reason(id));
        touched.add(layout.notes());
    }

    /** A task that has ended waits for nothing any more. */
    void forgetDependencies(NewTask what, TaskName task) throws IOException {
        for (TaskId dependency : what.dependsOn()) {
            Path links = layout.dependents(dependency);
            if (Disk.unlink(links.resolve(task.ready()))) {
                Disk.removeIfEmpty(links);
            }
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
