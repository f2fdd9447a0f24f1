package dev.agentcoord.zk;

import dev.agentcoord.LimitExceededException;
import dev.agentcoord.NewTask;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Admission;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.core.queue.Route;
import dev.agentcoord.zk.Requests.Found;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.KeeperException;
import org.jspecify.annotations.Nullable;

/**
 * What some tasks of a queue go through in one request: the rules of {@code core.queue} applied to znodes. Whoever has an ordering key is
 * named in the key's znode, which is written by everybody who gets in line behind it, so that its end never misses one. Not thread-safe.
 */
final class QueueChange {
    /** Deliveries of one task that are remembered. */
    static final int ATTEMPTS = 100;
    /** The most tasks that may wait for one. */
    private static final int DEPENDENTS = 1_000;

    private final Call call;
    private final QueueNodes nodes;
    private final Requests requests;
    private final Draft draft;
    private final long now;
    private final Locks locks;
    private final Map<TaskId, TaskNode> tasks = new LinkedHashMap<>();
    private final Set<TaskNode> changed = new LinkedHashSet<>();
    private final List<Route> admitted = new ArrayList<>();
    private final List<TaskId> ended = new ArrayList<>();

    QueueChange(Call call, QueueNodes nodes, Requests requests, Draft draft, long now, Locks locks) {
        this.locks = locks;
        this.call = call;
        this.nodes = nodes;
        this.requests = requests;
        this.draft = draft;
        this.now = now;
    }

    /** What it has to know of the tickets of tasks. */
    interface Locks {
        /** Those of a task, as of a moment after the call. */
        List<Lock> of(Call call, TaskId task) throws KeeperException;

        /** Whether it is certain that none was placed since the task was claimed. */
        boolean isUntouched(TaskId task);
    }

    /**
     * One ticket of a task.
     *
     * @param path of its znode
     * @param isGranted or only waited for
     */
    record Lock(String path, boolean isGranted) {}

    Draft draft() {
        return draft;
    }

    /** The routes of the tasks that became ready. */
    List<Route> admitted() {
        return admitted;
    }

    /** The tasks whose dependents are to be told of their end. */
    List<TaskId> ended() {
        return ended;
    }

    /** A task as this change leaves it; null where it is none of the queue. */
    @Nullable TaskNode task(TaskId id) throws KeeperException {
        TaskNode known = tasks.get(id);
        if (known != null) {
            return known;
        }
        Optional<byte[]> data = draft.read(call, nodes.task(id));
        if (data.isEmpty()) {
            return null;
        }
        TaskNode task = TaskNode.decode(nodes.task(id), id, data.get());
        Found was = draft.was(nodes.task(id));
        task.position = was == null ? 0 : was.stat().getCzxid();
        tasks.put(id, task);
        return task;
    }

    /** The task that this one would be once more; null where it is a new one. */
    @Nullable TaskNode same(@Nullable TaskId id, NewTask what) throws KeeperException {
        TaskNode known = id == null ? null : task(id);
        if (known != null || what.dedupKey().isEmpty()) {
            return known;
        }
        Optional<byte[]> other = draft.read(call, nodes.dedup(what.dedupKey().get()));
        return other.isEmpty() ? null : task(id(other.get()));
    }

    /** Adds one that is not there. */
    TaskNode add(NewTask what, TaskId id, long number, SessionId by) throws KeeperException {
        TaskNode task = new TaskNode(what, id, number, TaskLeaf.by(by), Instant.ofEpochMilli(now));
        for (TaskId dependency : what.dependsOn()) {
            waitFor(task, dependency);
        }
        draft.learn(nodes.task(id), Optional.empty());
        tasks.put(id, task);
        task.due = now + what.delay().toMillis();
        if (what.dedupKey().isPresent()) {
            draft.put(nodes.dedup(what.dedupKey().get()), bytes(id));
        }
        admit(task);
        return task;
    }

    private void waitFor(TaskNode task, TaskId dependency) throws KeeperException {
        TaskNode other = task(dependency);
        if (other == null) {
            throw Admission.unknown(dependency);
        }
        if (Admission.waitsFor(dependency, other.state)) {
            task.waits.add(dependency);
            other.dependents.add(task.id);
            if (other.dependents.size() > DEPENDENTS) {
                throw new LimitExceededException(
                        dependency,
                        "at most " + DEPENDENTS + " tasks wait for one, and task " + dependency
                                + " has as many; let some wait for another");
            }
            changed.add(other);
        }
    }

    /** Puts a task that nobody works on where it has to wait. */
    private void admit(TaskNode task) throws KeeperException {
        task.admission = Admission.of(keyIsTaken(task), task.waits.size(), task.due <= now);
        task.state = task.admission.state();
        place(task);
        if (task.state == TaskState.READY) {
            admitted.add(task.route);
        }
    }

    /** Gives it its ordering key where that is free, else a place behind whoever has it. */
    private boolean keyIsTaken(TaskNode task) throws KeeperException {
        if (task.what.orderingKey().isEmpty()) {
            return false;
        }
        String key = task.what.orderingKey().get();
        Optional<byte[]> holder = draft.read(call, nodes.holder(key));
        if (holder.isPresent() && !id(holder.get()).equals(task.id)) {
            draft.put(nodes.holder(key), holder.get());
            draft.mark(nodes.inLine(key, lineLeaf(task)));
            return true;
        }
        draft.put(nodes.holder(key), bytes(task.id));
        return false;
    }

    /** In line only the order of enqueueing counts. */
    private static TaskLeaf lineLeaf(TaskNode task) {
        return new TaskLeaf(0, task.number, 0, task.by, task.id);
    }

    private void place(TaskNode task) {
        draft.mark(nodes.place(task.state, task.leaf(), task.route, task.claimer));
        changed.add(task);
    }

    private String unplace(TaskNode task) {
        String place = nodes.place(task.state, task.leaf(), task.route, task.claimer);
        if (task.state != TaskState.CLAIMED) {
            draft.unmark(place);
        }
        changed.add(task);
        return place;
    }

    /** Writes a task as it is, so that nobody who read it before changes it. */
    void touch(TaskNode task) {
        changed.add(task);
    }

    /**
     * What becomes of the tickets of a task that leaves a state: all go where it has ended, else those that only wait. The place of a
     * claim is written with each ticket under it, so its version says that none was missed.
     */
    private void leave(TaskNode task, TaskState from, String place, boolean isEnd) throws KeeperException {
        boolean isClaimed = from == TaskState.CLAIMED;
        if (isClaimed && !task.hasLocks && locks.isUntouched(task.id)) {
            draft.delete(place, 0);
            return;
        }
        if (!isClaimed && !(isEnd && task.hasLocks)) {
            return;
        }
        if (isClaimed) {
            if (draft.read(call, place).isEmpty()) {
                throw new KeeperException.NoNodeException(place);
            }
            draft.remove(place);
        }
        task.hasLocks = false;
        for (Lock lock : locks.of(call, task.id)) {
            if (isEnd || !lock.isGranted()) {
                draft.delete(lock.path());
            } else {
                task.hasLocks = true;
            }
        }
    }

    /** Delivers a ready task. */
    void claim(TaskNode task, SessionId session, String agent) {
        unplace(task);
        task.state = TaskState.CLAIMED;
        task.claimer = session.text();
        task.agent = agent;
        task.attempt++;
        task.delivery++;
        place(task);
    }

    /** Takes a delivery back that nobody was told of, as if it had not been. */
    void unclaim(TaskNode task) {
        draft.delete(unplace(task), 0);
        task.state = TaskState.READY;
        task.claimer = "";
        task.agent = "";
        task.attempt--;
        task.delivery--;
        place(task);
        admitted.add(task.route);
    }

    /** Ends its delivery. */
    void finish(TaskNode task, TaskAttempt.Outcome outcome, Ending ending) throws KeeperException {
        draft.create(nodes.attempt(task.id, task.delivery), TaskNode.attempt(outcome, task.agent, now, ending.text()));
        if (task.delivery > ATTEMPTS) {
            draft.delete(nodes.attempt(task.id, task.delivery - ATTEMPTS));
        }
        apply(task, ending);
    }

    /** Takes one back that has not ended, or is dead. */
    void cancel(TaskNode task, Ending.Cancelled ending) throws KeeperException {
        if (task.state == TaskState.CLAIMED) {
            finish(task, TaskAttempt.Outcome.CANCELLED, ending);
        } else {
            apply(task, ending);
        }
    }

    private void apply(TaskNode task, Ending ending) throws KeeperException {
        TaskState from = task.state;
        leave(task, from, unplace(task), ending.isEnd());
        boolean waitedInLine = task.state == TaskState.BLOCKED && task.admission == Admission.IN_LINE;
        task.claimer = "";
        task.agent = "";
        task.outcome = ending.text();
        task.since = now;
        if (ending instanceof Ending.Again again) {
            task.attempt -= again.counts() ? 0 : 1;
            task.due = now + again.delay().toMillis();
            admit(task);
        } else if (ending instanceof Ending.HandedOff handedOff) {
            task.attempt--;
            task.route = handedOff.to();
            task.due = now;
            admit(task);
        } else {
            task.state = ending.end();
            end(task, waitedInLine);
        }
    }

    private void end(TaskNode task, boolean waitedInLine) throws KeeperException {
        place(task);
        if (task.what.dedupKey().isPresent()) {
            String dedup = nodes.dedup(task.what.dedupKey().get());
            Optional<byte[]> other = draft.read(call, dedup);
            if (other.isPresent() && id(other.get()).equals(task.id)) {
                draft.remove(dedup);
            }
        }
        if (task.what.orderingKey().isPresent()) {
            if (waitedInLine) {
                draft.unmark(nodes.inLine(task.what.orderingKey().get(), lineLeaf(task)));
            } else {
                passOn(task.what.orderingKey().get(), task.id);
            }
        }
        if (task.state != TaskState.DEAD && !task.dependents.isEmpty()) {
            draft.mark(nodes.settle() + "/" + task.id);
            ended.add(task.id);
        }
    }

    /** Lets the next one of an ordering key take its place. */
    private void passOn(String key, TaskId from) throws KeeperException {
        Optional<byte[]> holder = draft.read(call, nodes.holder(key));
        if (holder.isEmpty() || !id(holder.get()).equals(from)) {
            return;
        }
        Optional<TaskLeaf> next = firstInLine(key);
        if (next.isEmpty()) {
            draft.remove(nodes.holder(key));
            return;
        }
        TaskNode task = task(next.get().id());
        if (task == null) {
            throw new KeeperException.NoNodeException(nodes.task(next.get().id()));
        }
        draft.put(nodes.holder(key), bytes(task.id));
        draft.unmark(nodes.inLine(key, next.get()));
        unplace(task);
        admit(task);
    }

    private Optional<TaskLeaf> firstInLine(String key) throws KeeperException {
        String line = nodes.line(key);
        for (String bucket : sorted(line)) {
            for (String name : sorted(line + "/" + bucket)) {
                return Optional.of(TaskLeaf.parse(line + "/" + bucket, name));
            }
        }
        return Optional.empty();
    }

    private List<String> sorted(String path) throws KeeperException {
        return Batches.namesIfThere(call, requests.children(path, null)).stream()
                .sorted()
                .toList();
    }

    /** Makes a dead one pending again. */
    void redrive(TaskNode task) throws KeeperException {
        unplace(task);
        task.attempt = 0;
        task.due = now;
        task.since = now;
        if (task.what.dedupKey().isPresent()) {
            String dedup = nodes.dedup(task.what.dedupKey().get());
            if (draft.read(call, dedup).isEmpty()) {
                draft.put(dedup, bytes(task.id));
            }
        }
        makeWay(task);
        admit(task);
    }

    /** Sends the first of its ordering key back into the line where that one gives way to it. */
    private void makeWay(TaskNode redriven) throws KeeperException {
        if (redriven.what.orderingKey().isEmpty()) {
            return;
        }
        String key = redriven.what.orderingKey().get();
        Optional<byte[]> holder = draft.read(call, nodes.holder(key));
        TaskNode first = holder.isEmpty() ? null : task(id(holder.get()));
        if (first != null && Admission.givesWay(first.state, first.number, redriven.number)) {
            unplace(first);
            first.admission = Admission.IN_LINE;
            first.state = Admission.IN_LINE.state();
            place(first);
            draft.mark(nodes.inLine(key, lineLeaf(first)));
            draft.put(nodes.holder(key), bytes(redriven.id));
        }
    }

    /** Removes one that has ended, but for its id where that is still to be known. */
    void forget(TaskNode task, boolean keepsId) throws KeeperException {
        if (task.isGone) {
            draft.unmark(nodes.forgotten(task.leaf()));
        } else {
            unplace(task);
            for (String attempt : sorted(nodes.task(task.id))) {
                draft.delete(nodes.task(task.id) + "/" + attempt);
            }
        }
        changed.remove(task);
        if (keepsId) {
            changed.add(task.gone());
            draft.mark(nodes.forgotten(task.leaf()));
        } else {
            draft.remove(nodes.task(task.id));
        }
    }

    /** Makes one ready whose time has come. */
    void ripen(TaskNode task) throws KeeperException {
        unplace(task);
        admit(task);
    }

    /** Tells one of those that depend on a task that it has ended. */
    void settle(TaskNode ended, TaskId dependent) throws KeeperException {
        TaskNode task = task(dependent);
        ended.dependents.remove(dependent);
        changed.add(ended);
        if (task == null || !task.isPending() || !task.waits.contains(ended.id)) {
            return;
        }
        if (ended.state == TaskState.CANCELLED) {
            cancel(task, Admission.dependencyCancelled(ended.id));
            return;
        }
        task.waits.remove(ended.id);
        changed.add(task);
        if (task.state == TaskState.BLOCKED && task.admission == Admission.DEPENDENT && task.waits.isEmpty()) {
            unplace(task);
            admit(task);
        }
    }

    /** Enters what became of the tasks. */
    Draft drafted() {
        for (TaskNode task : changed) {
            draft.put(nodes.task(task.id), task.encode());
        }
        return draft;
    }

    private static byte[] bytes(TaskId id) {
        return id.text().getBytes(StandardCharsets.US_ASCII);
    }

    private static TaskId id(byte[] bytes) {
        return new TaskId(new String(bytes, StandardCharsets.US_ASCII));
    }
}
