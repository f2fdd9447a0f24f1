package dev.agentcoord.engine;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls the listeners of one session, one at a time and in order, on a worker thread. A listener that throws goes to its
 * thread's uncaught-exception handler and does not stop the next. Thread-safe.
 */
final class Dispatcher {
    /** A listener stuck for longer no longer holds up the session's other calls, which it may itself be waiting for. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Workers workers;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private boolean running;
    private @Nullable Thread current;

    Dispatcher(Workers workers) {
        this.workers = workers;
    }

    synchronized void dispatch(Runnable event) {
        queue.addLast(event);
        if (!running) {
            running = workers.run(this::deliverAll);
        }
    }

    /** Returns when every event dispatched before the call was delivered; at once when called by a listener. */
    void awaitDelivered() {
        CountDownLatch delivered = new CountDownLatch(1);
        synchronized (this) {
            if (!running || current == Thread.currentThread()) {
                return;
            }
            queue.addLast(delivered::countDown);
        }
        awaitUninterruptibly(delivered);
    }

    private void deliverAll() {
        for (Runnable event = next(); event != null; event = next()) {
            try {
                event.run();
            } catch (RuntimeException | Error e) {
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, e);
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable event = queue.pollFirst();
        running = event != null;
        current = running ? Thread.currentThread() : null;
        return event;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean interrupted = false;
        boolean waiting = true;
        while (waiting) {
            try {
                latch.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                waiting = false;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
