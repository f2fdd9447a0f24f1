package dev.agentcoord.harness;

import dev.agentcoord.harness.Plan.Fault;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Does to the servers what the seed says, one after the other on a thread of its own, until the time is over: the next only when all
 * serve again and agents have had a moment to work. Whatever happens to the agents happens meanwhile as well.
 */
final class ServerFaults {
    private static final long SHORTEST_PAUSE_MILLIS = 300;
    private static final long LONGEST_PAUSE_MILLIS = 2_500;

    private final Site site;
    private final Random random;
    private final List<Fault> kinds;
    private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);

    ServerFaults(Site site, Plan plan) {
        this.site = site;
        this.random = new Random(~plan.seed());
        this.kinds = plan.faults().stream().filter(Fault::isOfServers).sorted().toList();
    }

    /** Begins; what it returns tells, when all is as it should be again, how many faults of each kind there were. */
    CompletableFuture<Map<Fault, Integer>> start(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        CompletableFuture<Map<Fault, Integer>> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> result.completeAsync(() -> run(end), Runnable::run), "server-faults");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    private Map<Fault, Integer> run(long end) {
        try {
            while (!kinds.isEmpty() && pause() < end) {
                Fault fault = kinds.get(random.nextInt(kinds.size()));
                site.suffer(fault, random);
                done.merge(fault, 1, Integer::sum);
            }
            return done;
        } catch (InterruptedException e) {
            throw new CompletionException(e);
        }
    }

    /** Returns when it was over. */
    private long pause() throws InterruptedException {
        long range = LONGEST_PAUSE_MILLIS - SHORTEST_PAUSE_MILLIS;
        TimeUnit.MILLISECONDS.sleep(SHORTEST_PAUSE_MILLIS + (long) (random.nextDouble() * range));
        return System.nanoTime();
    }
}
