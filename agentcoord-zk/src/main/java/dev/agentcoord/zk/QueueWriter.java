package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.zk.Requests.Found;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;

/**
 * Changes a queue: decides from what it reads and does that in one request, again until nobody came in between. What follows from it,
 * waking who waits and telling those that depended on what has ended, comes after it and is never lost. Thread-safe.
 */
final class QueueWriter {
    /** So often it is tried again at once where others came in between; then with pauses. */
    private static final int EAGER = 4;
    /** So many of those that depend on one task are told at once. */
    private static final int TOLD = 16;
    /** So many directories are remembered to be there. */
    private static final int MADE = 10_000;

    private final ZkStoreSession session;
    private final Requests requests;
    private final String name;
    private final QueueNodes nodes;
    private final QueueWaiters waiters;
    private final Set<String> made = ConcurrentHashMap.newKeySet();

    QueueWriter(ZkStoreSession session, String name, QueueNodes nodes, QueueWaiters waiters) {
        this.name = name;
        this.session = session;
        this.requests = session.connection().own();
        this.nodes = nodes;
        this.waiters = waiters;
    }

    /** Decides what is to be done; asked again where others were faster, and after a lost connection. */
    @FunctionalInterface
    interface Step<T> {
        T decide(Call call, QueueChange change, int tries) throws KeeperException;
    }

    /** What was decided, and done. */
    private record Decided<T>(QueueChange change, T answer) {}

    <T> T change(Call call, Object subject, Step<T> step) throws KeeperException {
        Decided<T> decided = changeOnly(call, subject, step);
        settleQuietly(call, decided.change.ended());
        return decided.answer;
    }

    /** Leaves untold those that depend on what has ended with it. */
    private <T> Decided<T> changeOnly(Call call, Object subject, Step<T> step) throws KeeperException {
        for (int tries = 1; ; tries++) {
            int number = tries;
            try {
                Decided<T> decided = Caller.repeatedly(call, attempt -> {
                    QueueChange change = new QueueChange(
                            attempt,
                            nodes,
                            requests,
                            new Draft(requests, session.acl()),
                            session.clock().now(),
                            new Known(number));
                    return new Decided<>(change, step.decide(attempt, change, number));
                });
                List<Op> ops = decided.change.drafted().ops(subject);
                if (!ops.isEmpty()) {
                    commit(call, decided.change, ops);
                }
                return decided;
            } catch (BadVersionException | NoNodeException | NodeExistsException e) {
                session.requireOpen();
                // Somebody came in between. That was answered in order, so it is no old news that is read next.
                if (tries > EAGER && !call.pause()) {
                    throw call.overtaken(e);
                }
            }
        }
    }

    /** What is done with each of several tasks. */
    @FunctionalInterface
    interface Deed {
        void on(QueueChange change, TaskLeaf seen, TaskNode task) throws KeeperException;
    }

    /** Does it to those that are there, as many at once as fit one request. */
    void changeAll(Call call, Object subject, List<TaskLeaf> leaves, Deed deed) throws KeeperException {
        for (int done = 0; done < leaves.size(); ) {
            List<TaskLeaf> left = leaves.subList(done, leaves.size());
            done += fitting(left.size(), most -> changeFirst(call, subject, left.subList(0, most), deed));
        }
    }

    /** How many those are. */
    private int changeFirst(Call call, Object subject, List<TaskLeaf> leaves, Deed deed) throws KeeperException {
        return change(call, subject, (attempt, change, tries) -> {
            change.draft()
                    .fetch(
                            attempt,
                            leaves.stream().map(leaf -> nodes.task(leaf.id())).toList());
            for (TaskLeaf leaf : leaves) {
                TaskNode task = change.task(leaf.id());
                if (task != null) {
                    deed.on(change, leaf, task);
                }
            }
            return leaves.size();
        });
    }

    /** One request about that many tasks. */
    @FunctionalInterface
    private interface Portion<T> {
        T of(int most) throws KeeperException;
    }

    /** Asks for half as many where so many do not fit one request, and so on. */
    private static <T> T fitting(int most, Portion<T> portion) throws KeeperException {
        int size = most;
        while (true) {
            try {
                return portion.of(size);
            } catch (LimitExceededException e) {
                if (size == 1) {
                    throw e;
                }
                size /= 2;
            }
        }
    }

    /** At the first try what this session knows is enough, since the request proves it. */
    private final class Known implements QueueChange.Locks {
        private final int tries;

        Known(int tries) {
            this.tries = tries;
        }

        @Override
        public List<QueueChange.Lock> of(Call call, TaskId task) throws KeeperException {
            return session.tickets().locksOf(call, Owner.task(name, task));
        }

        @Override
        public boolean isUntouched(TaskId task) {
            return tries == 1 && !session.tickets().hasAnyOf(Owner.task(name, task));
        }
    }

    private void commit(Call call, QueueChange change, List<Op> ops) throws KeeperException {
        List<CompletableFuture<?>> asked = makeParents(change.draft().made());
        try {
            session.commits().commit(call, ops);
        } catch (NoNodeException e) {
            made.clear();
            for (CompletableFuture<?> one : asked) {
                awaitMade(call, one);
            }
            throw e;
        }
        waiters.wake(change.admitted());
    }

    /** What was asked for is done by now, whatever becomes of this: whoever looks next finds the markers and goes on. */
    private void settleQuietly(Call call, List<TaskId> ended) {
        try {
            settle(call, ended);
        } catch (KeeperException | CoordinationException e) {
            return;
        }
    }

    /** Sent ahead of the change that needs them, and mostly there already. */
    private List<CompletableFuture<?>> makeParents(List<String> paths) {
        if (made.size() > MADE) {
            made.clear(); // Most of them are gone by now, and to ask for one again does no harm.
        }
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (String path : paths) {
            for (String parent : nodes.parents(path)) {
                if (made.add(parent)) {
                    asked.add(requests.create(parent, new byte[0], session.acl(), CreateMode.CONTAINER));
                }
            }
        }
        return asked;
    }

    /** What was not made, or whose answer was lost, is asked for again with the next try. */
    private static void awaitMade(Call call, CompletableFuture<?> asked) throws KeeperException {
        try {
            call.await(asked);
        } catch (NodeExistsException | NoNodeException e) {
            return;
        } catch (KeeperException e) {
            if (!Failures.isLostConnection(e)) {
                throw e;
            }
        }
    }

    /** Tells those that waited for tasks that have ended, and those that waited for those. */
    void settle(Call call, List<TaskId> ended) throws KeeperException {
        Deque<TaskId> left = new ArrayDeque<>(ended);
        while (!left.isEmpty()) {
            TaskId id = left.remove();
            boolean hasMore = true;
            while (hasMore) {
                Decided<Boolean> told = fitting(
                        TOLD,
                        most -> changeOnly(
                                call, "task " + id, (attempt, change, tries) -> settleSome(attempt, change, id, most)));
                left.addAll(told.change.ended());
                hasMore = told.answer;
                session.requireOpen();
            }
        }
    }

    /** Whether there are more. */
    private boolean settleSome(Call call, QueueChange change, TaskId id, int most) throws KeeperException {
        String marker = nodes.settle() + "/" + id;
        Draft draft = change.draft();
        draft.fetch(call, List.of(marker, nodes.task(id)));
        if (draft.read(call, marker).isEmpty()) {
            return false;
        }
        TaskNode task = change.task(id);
        List<TaskId> told =
                task == null ? List.of() : task.dependents.stream().limit(most).toList();
        draft.fetch(call, told.stream().map(nodes::task).toList());
        for (TaskId dependent : told) {
            if (task != null) {
                change.settle(task, dependent);
            }
        }
        if (task == null || task.dependents.isEmpty()) {
            draft.remove(marker);
            return false;
        }
        return true;
    }

    /** A task's znode as it is after it was changed at a version. */
    static Found after(Found before, byte[] data) {
        Stat stat = new Stat();
        stat.setCzxid(before.stat().getCzxid());
        stat.setVersion(before.stat().getVersion() + 1);
        return new Found(data, stat);
    }
}
