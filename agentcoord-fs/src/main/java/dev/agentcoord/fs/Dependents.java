package dev.agentcoord.fs;

import dev.agentcoord.NewTask;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Admission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tasks of a queue that wait for others, in one {@link QueueTurn}: for each other one link to each of those. */
final class Dependents {
    private final QueueTurn turn;
    private final QueueDirectory directory;
    private final QueueLayout layout;
    private final Set<Path> touched;

    Dependents(QueueTurn turn, QueueDirectory directory, Set<Path> touched) {
        this.turn = turn;
        this.directory = directory;
        this.layout = directory.layout();
        this.touched = touched;
    }

    /** A task that is about to be added waits for that one. */
    void add(TaskId dependency, TaskName task, Path file) throws IOException {
        QueueLayout.ensure(layout.dependents(dependency));
        Path link = layout.dependents(dependency).resolve(task.ready());
        Files.createLink(link, file);
        turn.touch(link);
    }

    /** How many of those that a task depends on are not done. */
    int open(TaskFile content, TaskName task) throws IOException {
        int open = 0;
        for (TaskId dependency : content.task().dependsOn()) {
            Path link = layout.dependents(dependency).resolve(task.ready());
            open += Disk.isThere(link) ? 1 : 0;
        }
        return open;
    }

    /** That one has ended, and its state is one that matters to those. */
    void settle(TaskId ended, TaskState state) throws IOException {
        if (state == TaskState.CANCELLED) {
            cancelDependents(ended);
        } else {
            releaseDependents(ended);
        }
    }

    private void releaseDependents(TaskId done) throws IOException {
        Path links = layout.dependents(done);
        for (String name : names(done)) {
            TaskName task = TaskName.parse(links, name).task();
            Path bucket = directory.blocked().bucketOf(task.number());
            Disk.unlink(links.resolve(name));
            if (bucket != null && Disk.isThere(bucket.resolve(name))) {
                TaskFile content = QueueTurn.read(bucket.resolve(name), task.id());
                if (open(content, task) == 0) {
                    turn.admit(bucket.resolve(name));
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
        return new Cancelled(id, link, what, names(id).iterator());
    }

    /** What somebody made by hand in between counts for nothing. */
    private List<String> names(TaskId on) throws IOException {
        return TaskWalk.names(layout.dependents(on)).stream()
                .filter(TaskName::isOne)
                .toList();
    }

    private void forgetLinks(Cancelled over) throws IOException {
        if (over.link != null && over.what != null) {
            forget(over.what, QueueTurn.parse(over.link));
            Disk.unlink(over.link);
        }
    }

    private NewTask cancelDependent(TaskName task, Path link, TaskId dependency) throws IOException {
        NewTask what = QueueTurn.read(link, task.id()).task();
        String key = QueueTurn.key(what);
        for (Shelf shelf : List.of(directory.blocked(), new Shelf(layout.inLine(key.isEmpty() ? "-" : key)))) {
            Path bucket = shelf.bucketOf(task.number());
            Path file = bucket == null ? null : bucket.resolve(task.ready());
            if (file != null && Disk.isThere(file)) {
                explain(task.id(), Admission.dependencyCancelled(dependency).reason());
                turn.endAlone(task, file, TaskState.CANCELLED, what, false);
            }
        }
        if (!key.isEmpty() && task.id().text().equals(Links.read(layout.first(key)))) {
            turn.advance(key);
        }
        return what;
    }

    private void explain(TaskId id, String reason) throws IOException {
        byte[] note = TaskNotes.encode(TaskAttempt.Outcome.CANCELLED, "", Instant.ofEpochMilli(turn.now()), reason);
        turn.writeNote(layout.reason(id), note);
    }

    /** A task that has ended waits for nothing any more. */
    void forget(NewTask what, TaskName task) throws IOException {
        for (TaskId dependency : what.dependsOn()) {
            Path links = layout.dependents(dependency);
            if (Disk.unlink(links.resolve(task.ready()))) {
                Disk.removeIfEmpty(links);
            }
        }
    }
}
