package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the space on behalf of all sessions of this process, for what no doorbell told: whether a waiting ticket is granted, whoever
 * blocks it is dead, or a held one is gone. Often while somebody waits, seldom otherwise. All events are told on its one thread.
 */
final class Patrol {
    private static final long OFTEN_MILLIS = 100;
    private static final long SELDOM_MILLIS = 1_000;

    private final Space space;
    private final ScheduledThreadPoolExecutor thread;
    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private @Nullable ScheduledFuture<?> next;

    Patrol(Space space) {
        this.space = space;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "agentcoord-patrol");
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Runs something on the thread of events, after whatever was given to it before. */
    void soon(Runnable task) {
        thread.execute(task);
    }

    /** Runs something on the thread of events once a delay is over. */
    void after(long millis, Runnable task) {
        ScheduledFuture<?> unused = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    /** Calls back on each round until the subscription is closed. */
    Subscription watch(Runnable watcher) {
        watchers.add(watcher);
        hurry();
        return () -> watchers.remove(watcher);
    }

    /** Makes the next round one of the frequent ones: somebody waits, or joined. */
    synchronized void hurry() {
        if (next != null && next.getDelay(TimeUnit.MILLISECONDS) > OFTEN_MILLIS) {
            next.cancel(false);
            next = null;
        }
        if (next == null) {
            next = thread.schedule(this::round, OFTEN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void round() {
        // Should anything throw, what it kept from being looked at is looked at soon.
        boolean waiting = true;
        try {
            waiting = look();
        } finally {
            schedule(waiting);
        }
    }

    private boolean look() {
        boolean waiting = false;
        for (FsStoreSession member : space.members().values()) {
            waiting |= member.look();
        }
        watchers.forEach(Patrol::call);
        return waiting;
    }

    private static void call(Runnable watcher) {
        try {
            watcher.run();
        } catch (CoordinationException e) {
            // The store could not be read: the next round tries again, and whoever calls it is told.
            return;
        }
    }

    /** Whether there is anybody to look for is asked here, where nobody can join meanwhile and find a next round that never comes. */
    private synchronized void schedule(boolean waiting) {
        boolean watching = !watchers.isEmpty() || !space.members().isEmpty();
        long millis = waiting ? OFTEN_MILLIS : SELDOM_MILLIS;
        next = watching ? thread.schedule(this::round, millis, TimeUnit.MILLISECONDS) : null;
    }
}
