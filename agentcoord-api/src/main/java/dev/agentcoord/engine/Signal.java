package dev.agentcoord.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes one waiting thread: a raise before the wait is not lost, several raises count once. Thread-safe. */
final class Signal {
    private final Semaphore raised = new Semaphore(0);

    void raise() {
        raised.release();
    }

    /** Returns when raised or after the time, whichever is first; nothing tells which. */
    void await(long nanos) throws InterruptedException {
        if (raised.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            raised.drainPermits();
        }
    }
}
