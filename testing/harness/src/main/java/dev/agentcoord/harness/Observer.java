package dev.agentcoord.harness;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.LockInfo;
import dev.agentcoord.harness.history.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Lists all locks every so often and notes who waits, which places their requests in real time. */
final class Observer implements AutoCloseable {
    private static final int PERIOD_MILLIS = 50;

    private final Coordinator coordinator;
    private final List<Sighting> sightings = new ArrayList<>();
    private boolean failed;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "observer");
        thread.setDaemon(true);
        return thread;
    });

    Observer(Coordinator coordinator) {
        this.coordinator = coordinator;
    }

    void start() {
        var unused = executor.scheduleWithFixedDelay(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Stops looking; returns what was seen. */
    List<Sighting> end() throws InterruptedException {
        executor.shutdown();
        if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the observer does not end");
        }
        synchronized (this) {
            return List.copyOf(sightings);
        }
    }

    private synchronized void look() {
        long begun = System.nanoTime();
        List<LockInfo> locks;
        try {
            locks = coordinator.locks();
        } catch (CoordinationException e) {
            if (!failed) {
                System.err.println("simulate: the observer could not list the locks: " + e.getMessage());
            }
            failed = true;
            return;
        }
        failed = false;
        long ended = System.nanoTime();
        locks.stream()
                .filter(lock -> !lock.granted())
                .forEach(lock -> sightings.add(
                        new Sighting(lock.owner().agent(), lock.id().position(), begun, ended)));
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
