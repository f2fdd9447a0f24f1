package dev.agentcoord.engine;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The daemon threads of one coordinator: one timer, and workers made on demand for whatever may block. None is started before it is
 * needed. Thread-safe.
 */
final class Workers implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("timer"));
    private final ExecutorService pool = Executors.newCachedThreadPool(daemons("worker"));

    Workers() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Runs the work soon on a worker; tells whether it will, which it will not once closed. */
    boolean run(Runnable work) {
        try {
            pool.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Runs the work on a worker after a delay; drops it once closed. */
    void runAfter(long nanos, Runnable work) {
        try {
            var unused = timer.schedule(() -> run(work), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: whatever the work was for has ended.
        }
    }

    @Override
    public void close() {
        timer.shutdown();
        pool.shutdown();
    }

    private static ThreadFactory daemons(String role) {
        return work -> {
            Thread thread = new Thread(work, "agentcoord-" + role + "-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
