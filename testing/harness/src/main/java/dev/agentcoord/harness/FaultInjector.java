package dev.agentcoord.harness;

import dev.agentcoord.harness.Plan.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Does to the agents what the seed says, about thirty times in a run, until the time is over. Every killed agent costs the second or so
 * of processor time that a new JVM needs until it is warm, so more would leave little else to see. Not thread-safe.
 */
final class FaultInjector implements AutoCloseable {
    private static final int FAULTS = 30;
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SHORTEST_STOP = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LONGEST_STOP = TimeUnit.SECONDS.toNanos(3);

    private final Crew crew;
    private final int agents;
    private final Thief thief;
    private final Random random;
    private final List<Fault> kinds;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "clock");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    FaultInjector(Crew crew, Plan plan, Thief thief) {
        this.crew = crew;
        this.agents = plan.agents();
        this.thief = thief;
        this.random = new Random(plan.seed());
        this.kinds = plan.faults().stream()
                .filter(fault -> !fault.isOfServers())
                .sorted()
                .toList();
    }

    /** Injects faults for a time. */
    void run(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        long pause = Math.max(SHORTEST_PAUSE, time.toNanos() / FAULTS);
        long next = System.nanoTime() + around(pause);
        while (System.nanoTime() < end) {
            if (System.nanoTime() >= next) {
                inject();
                next += around(pause);
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** How many of each kind there were. */
    Map<Fault, Integer> done() {
        return done;
    }

    /** Forgets who is stopped. */
    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void inject() throws IOException, InterruptedException {
        if (kinds.isEmpty()) {
            return;
        }
        Fault fault = kinds.get(random.nextInt(kinds.size()));
        int agent = random.nextInt(agents);
        if (inject(fault, agent)) {
            done.merge(fault, 1, Integer::sum);
        }
    }

    private boolean inject(Fault fault, int agent) throws IOException, InterruptedException {
        switch (fault) {
            case KILL -> crew.replace(agent);
            case STOP -> {
                return stop(crew.get(agent));
            }
            case STEAL -> {
                return thief.steal(random);
            }
            default -> throw new IllegalArgumentException(fault + " is no fault of agents");
        }
        return true;
    }

    private boolean stop(AgentProcess process) throws IOException, InterruptedException {
        long time = SHORTEST_STOP + (long) (random.nextDouble() * (LONGEST_STOP - SHORTEST_STOP));
        if (process.isStopped()) {
            return false;
        }
        process.stop();
        carryOnAfter(process, time);
        return true;
    }

    /** On a thread of its own: whoever is stopped may hold up everybody else, the thief included. */
    private void carryOnAfter(AgentProcess process, long nanos) {
        var unused = clock.schedule(
                () -> {
                    process.carryOn();
                    return process;
                },
                nanos,
                TimeUnit.NANOSECONDS);
    }

    private long around(long pause) {
        return pause / 2 + (long) (random.nextDouble() * pause);
    }
}
