package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.queue.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.zookeeper.KeeperException;

/**
 * Claims of one session on one queue that may have been made though the call failed. Nobody works on those tasks, so they are given back
 * as soon as a server says what became of them: before the session's next claim, else on a thread of its own. Thread-safe.
 */
final class UnheardClaims {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ZkStoreSession session;
    private final QueueWriter writer;
    private final ClaimPlaces heard;
    private final Set<Sent> unheard = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean running = new AtomicBoolean();
    /** Shared by those who claim, so that while it is exclusive each claim made is in one of the two above. */
    private final ReadWriteLock claiming = new ReentrantReadWriteLock();

    UnheardClaims(ZkStoreSession session, QueueWriter writer, ClaimPlaces heard) {
        this.session = session;
        this.writer = writer;
        this.heard = heard;
    }

    /** A claim that was sent, by the task and the number of its delivery. */
    record Sent(TaskId task, int delivery) {}

    /** Claims, noting each claim before it is sent, and has entered among those heard of what it answers. */
    @FunctionalInterface
    interface Step<T> {
        T run(Collection<Sent> sent) throws KeeperException;
    }

    /** What the step answers; where it fails, what it sent is found out about later. */
    <T> T claim(Call call, Step<T> step) throws KeeperException {
        settleIfPossible(call);
        List<Sent> sent = new ArrayList<>();
        claiming.readLock().lock();
        try {
            T answer = step.run(sent);
            sent.clear();
            return answer;
        } finally {
            claiming.readLock().unlock();
            if (!sent.isEmpty()) {
                unheard.addAll(sent);
                soon();
            }
        }
    }

    private void settleIfPossible(Call call) {
        try {
            settle(call);
        } catch (KeeperException | CoordinationException e) {
            // The other thread goes on trying, and no claim has to wait for that.
            return;
        }
    }

    private void settle(Call call) throws KeeperException {
        if (unheard.isEmpty()) {
            return;
        }
        claiming.writeLock().lock();
        try {
            for (Sent one : List.copyOf(unheard)) {
                giveBack(call, one);
                unheard.remove(one);
            }
        } finally {
            claiming.writeLock().unlock();
        }
    }

    /** Looks only when what was sent before can no longer be done. */
    private void giveBack(Call call, Sent one) throws KeeperException {
        Ending ending = Ending.Again.unheard();
        writer.change(call, "task " + one.task, (attempt, change, tries) -> {
            attempt.await(session.record().fence(session.connection().own()));
            TaskNode task = change.task(one.task);
            if (task != null && isUnheard(task, one)) {
                change.finish(task, ending.outcome(), ending);
            }
            return true;
        });
    }

    private boolean isUnheard(TaskNode task, Sent one) {
        return task.isClaimedBy(session.info().id())
                && task.delivery == one.delivery
                && heard.of(one.task, one.delivery).isEmpty();
    }

    private void soon() {
        if (running.compareAndSet(false, true)) {
            Thread thread = new Thread(this::settleQuietly, "agentcoord-zk-unheard");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void settleQuietly() {
        try {
            session.requireOpen();
            session.caller().once("find out about a claim", call -> {
                settle(call);
                return true;
            });
        } catch (CoordinationException e) {
            // What a session leaves when it has ended is given back by others; else it is tried again.
            return;
        } finally {
            running.set(false);
            if (!unheard.isEmpty() && !session.hasEnded()) {
                session.connection().worker().later(this::soon, PAUSE);
            }
        }
    }
}
