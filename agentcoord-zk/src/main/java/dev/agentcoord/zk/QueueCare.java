package dev.agentcoord.zk;

import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.RetryRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.zookeeper.KeeperException;

/**
 * What whoever looks at a queue does for it first: gives back what sessions had claimed that have ended, makes ready what has become due,
 * and tells of ends what those who made them left untold. Thread-safe.
 */
final class QueueCare {
    /** So many tasks become ready in one request. */
    private static final int AT_ONCE = 16;

    private final ZkStoreSession session;
    private final Requests requests;
    private final QueueNodes nodes;
    private final QueueWriter writer;

    QueueCare(ZkStoreSession session, QueueNodes nodes, QueueWriter writer) {
        this.session = session;
        this.requests = session.connection().own();
        this.nodes = nodes;
        this.writer = writer;
    }

    /** Whether it changed anything, so that what was seen is old. */
    boolean tend(Call call, Glance glance) throws KeeperException {
        boolean changed = false;
        String sessions = session.space().node().sessions();
        List<String> settle = glance.names(nodes.settle());
        List<String> claimers = glance.names(nodes.of(TaskState.CLAIMED));
        Set<String> live = claimers.isEmpty() ? Set.of() : new HashSet<>(glance.names(sessions));
        if (!settle.isEmpty()) {
            writer.settle(call, settle.stream().map(TaskId::new).toList());
            changed = true;
        }
        for (String claimer : claimers) {
            if (!live.contains(claimer)) {
                changed |= giveBack(call, claimer);
            }
        }
        return ripen(call, glance) || changed;
    }

    /** Gives back what a session had claimed that has ended; whether that was anything. */
    boolean giveBack(Call call, String claimer) throws KeeperException {
        String dir = nodes.claimedBy(claimer);
        List<TaskLeaf> claimed = leaves(call, dir);
        for (TaskLeaf leaf : claimed) {
            writer.change(call, "task " + leaf.id(), (attempt, change, tries) -> {
                giveBack(change, claimer, leaf);
                return true;
            });
        }
        if (claimed.isEmpty()) {
            // Nobody ever claims under that name again.
            var unused = requests.delete(dir);
        }
        return !claimed.isEmpty();
    }

    /** Only while it is certain that the session is no more. */
    private void giveBack(QueueChange change, String claimer, TaskLeaf leaf) throws KeeperException {
        TaskNode task = change.task(leaf.id());
        if (task == null || task.state != TaskState.CLAIMED || !task.claimer.equals(claimer)) {
            return; // Another was faster.
        }
        change.draft().requireAbsent(session.space().node().sessions() + "/" + claimer);
        change.finish(
                task,
                TaskAttempt.Outcome.DIED,
                RetryRule.afterDeath(task.attempt, task.what.maxAttempts(), RetryRule.causeOfDeath(task.agent)));
    }

    private boolean ripen(Call call, Glance glance) throws KeeperException {
        boolean changed = false;
        long now = session.clock().now();
        String scheduled = nodes.of(TaskState.SCHEDULED);
        String current = QueueNodes.minute(now);
        for (String minute : glance.names(scheduled)) {
            int order = minute.compareTo(current);
            if (order > 0) {
                break;
            }
            List<TaskLeaf> due = new ArrayList<>();
            String dir = scheduled + "/" + minute;
            for (String bucket : glance.names(dir)) {
                List<String> names = glance.names(dir + "/" + bucket);
                names.stream()
                        .map(name -> TaskLeaf.parse(dir + "/" + bucket, name))
                        .filter(leaf -> leaf.moment() <= now)
                        .forEach(due::add);
                if (names.isEmpty() && order < 0) {
                    var unused = requests.delete(dir + "/" + bucket);
                }
            }
            if (due.isEmpty() && order < 0) {
                var unused = requests.delete(dir);
            }
            for (int i = 0; i < due.size(); i += AT_ONCE) {
                ripen(call, due.subList(i, Math.min(due.size(), i + AT_ONCE)));
            }
            changed |= !due.isEmpty();
        }
        return changed;
    }

    private void ripen(Call call, List<TaskLeaf> due) throws KeeperException {
        writer.changeAll(call, "tasks that are due", due, (change, leaf, task) -> {
            if (task.state == TaskState.SCHEDULED && task.due == leaf.moment()) {
                change.ripen(task);
            }
        });
    }

    private List<TaskLeaf> leaves(Call call, String dir) throws KeeperException {
        return Batches.namesIfThere(call, requests.children(dir, null)).stream()
                .map(name -> TaskLeaf.parse(dir, name))
                .sorted()
                .toList();
    }
}
