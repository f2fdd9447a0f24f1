package dev.agentcoord.zk;

import dev.agentcoord.SessionClosedException;
import dev.agentcoord.Subscription;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread on which a connection is used. ZooKeeper's blocking calls give up when interrupted and leave their outcome unknown, so
 * callers wait for this thread instead, at most as long as the options allow, and keep their interruption. Thread-safe.
 */
final class Worker implements Executor, AutoCloseable {
    private final ZkOptions options;
    private final ScheduledThreadPoolExecutor thread;

    Worker(ZkOptions options, String name) {
        this.options = options;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, name);
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Runs it on the thread and waits until it is done. */
    void run(String doing, Runnable step) {
        call(doing, () -> {
            step.run();
            return true;
        });
    }

    /** Runs it on the thread and waits for its answer; every failure is a typed one that says what was being done. */
    <T> T call(String doing, Callable<T> step) {
        try {
            return await(doing, thread.submit(step));
        } catch (RejectedExecutionException | CancellationException e) {
            throw new SessionClosedException(
                    options.space(), "cannot " + doing + ": this connection to ZooKeeper is closed; connect again");
        }
    }

    private <T> T await(String doing, Future<T> answer) {
        long end = System.nanoTime() + options.timeout().toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw Failures.of(options, doing, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw Failures.late(options, doing);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Runs it on the thread, soon; does nothing once closed, when what a late event has to say concerns nobody. */
    @Override
    public void execute(Runnable step) {
        try {
            thread.execute(step);
        } catch (RejectedExecutionException e) {
            return;
        }
    }

    /** Runs it on the thread again and again with a pause in between, until closed; a failure does not end it. */
    Subscription repeat(Runnable step, Duration pause) {
        Runnable guarded = () -> {
            try {
                step.run();
            } catch (RuntimeException e) {
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, e);
            }
        };
        Future<?> repeated =
                thread.scheduleWithFixedDelay(guarded, pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
        return () -> repeated.cancel(false);
    }

    /** Runs it on the thread once, after a pause, unless closed before. */
    void later(Runnable step, Duration pause) {
        try {
            var unused = thread.schedule(step, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return;
        }
    }

    /** Lets the step under way finish and drops the rest. */
    @Override
    public void close() {
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.shutdown();
    }
}
