package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import dev.agentcoord.core.queue.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.KeeperException;

/**
 * Removes what has ended and is not to be kept, some tasks at a time, on a thread of its own: once in a while, for whoever ends a task. Of
 * a task whose id is still to be remembered the id stays.
 */
final class QueuePruner {
    private static final long INTERVAL_NANOS = Duration.ofMinutes(10).toNanos();
    /** A session that ends the task of such a number looks, so that many short ones do not all. */
    private static final int EVERY = 512;

    private static final int AT_ONCE = 8;

    private final ZkStoreSession session;
    private final QueueWriter writer;
    private final QueueListings listings;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile long last = System.nanoTime();

    QueuePruner(ZkStoreSession session, QueueWriter writer, QueueListings listings) {
        this.session = session;
        this.writer = writer;
        this.listings = listings;
    }

    /** A task has ended: now and then that is a reason to look for older ones. */
    void soon(long number) {
        long nanos = System.nanoTime();
        boolean due = number % EVERY == 0 || nanos - last > INTERVAL_NANOS;
        if (due && running.compareAndSet(false, true)) {
            last = nanos;
            Thread thread = new Thread(this::runQuietly, "agentcoord-zk-prune");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void runQuietly() {
        try {
            run(Instant.ofEpochMilli(session.clock().now()), Retention.MOST);
        } catch (CoordinationException e) {
            // Nobody waits for it, and the next one tries again.
            return;
        } finally {
            running.set(false);
        }
    }

    /** Removes what is to go at a time, of the last so many none for their number. */
    void run(Instant now, int most) {
        prune(List.of(TaskState.DONE, TaskState.CANCELLED), now, most);
        prune(List.of(TaskState.DEAD), now, most);
        for (List<TaskLeaf> some : parts(call(listings::forgotten).stream()
                .filter(leaf -> !Retention.remembersId(Instant.ofEpochMilli(leaf.moment()), now))
                .toList())) {
            change(some, (change, task) -> change.forget(task, false));
        }
    }

    private void prune(List<TaskState> states, Instant now, int most) {
        List<TaskLeaf> all = new ArrayList<>();
        for (TaskState state : states) {
            all.addAll(call(call -> listings.leaves(call, state)));
        }
        all.sort(Comparator.comparingLong(TaskLeaf::moment).reversed());
        List<TaskLeaf> gone = new ArrayList<>();
        for (int later = 0; later < all.size(); later++) {
            if (Retention.goes(Instant.ofEpochMilli(all.get(later).moment()), later + Retention.MOST - most, now)) {
                gone.add(all.get(later));
            }
        }
        for (List<TaskLeaf> some : parts(gone)) {
            change(some, (change, task) -> prune(change, task, now));
        }
    }

    /** A dead letter that goes will never be done, so what depends on it is cancelled first. */
    private static void prune(QueueChange change, TaskNode task, Instant now) throws KeeperException {
        if (task.state == TaskState.DEAD && !task.dependents.isEmpty()) {
            change.cancel(task, new Ending.Cancelled("its dead letter was not kept any longer"));
        } else if (task.dependents.isEmpty()) {
            change.forget(task, Retention.remembersId(Instant.ofEpochMilli(task.since), now));
        }
    }

    private interface Deed {
        void on(QueueChange change, TaskNode task) throws KeeperException;
    }

    private void change(List<TaskLeaf> leaves, Deed deed) {
        call(call -> {
            writer.changeAll(call, "what has ended", leaves, (change, leaf, task) -> {
                if (task.state.isEnd() && task.since == leaf.moment()) {
                    deed.on(change, task);
                }
            });
            return true;
        });
    }

    private <T> T call(Caller.Step<T> step) {
        session.requireOpen();
        return session.caller().once("remove what has ended", step);
    }

    private static List<List<TaskLeaf>> parts(List<TaskLeaf> all) {
        List<List<TaskLeaf>> parts = new ArrayList<>();
        for (int i = 0; i < all.size(); i += AT_ONCE) {
            parts.add(all.subList(i, Math.min(all.size(), i + AT_ONCE)));
        }
        return parts;
    }
}
