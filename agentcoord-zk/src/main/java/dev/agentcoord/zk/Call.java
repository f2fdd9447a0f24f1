package dev.agentcoord.zk;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException;

/**
 * One call of a user's thread: what it is doing, and until when. Waiting is not interrupted, since a request that was sent cannot be
 * taken back; the interruption is kept and restored at the end. Not thread-safe.
 */
final class Call {
    private static final IntervalFunction PAUSES =
            IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(20), 2, 0.5, Duration.ofSeconds(1));

    private final ZkOptions options;
    private final String doing;
    private final long end;
    private int attempt;
    private boolean interrupted;

    Call(ZkOptions options, String doing) {
        this.options = options;
        this.doing = doing;
        this.end = System.nanoTime() + options.timeout().toNanos();
    }

    /** Waits for an answer; throws {@link dev.agentcoord.StoreUnavailableException} when none comes in time. */
    <T> T await(CompletableFuture<T> answer) throws KeeperException {
        while (true) {
            try {
                return answer.get(left(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (TimeoutException e) {
                throw Failures.late(options, doing);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof KeeperException refused) {
                    throw refused;
                }
                throw Failures.of(options, doing, e.getCause() == null ? e : e.getCause());
            }
        }
    }

    /** Waits a little before another attempt, longer each time; false when there is no time for another. */
    boolean pause() {
        attempt++;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSES.apply(attempt));
        if (until >= end) {
            return false;
        }
        boolean waited = false;
        while (!waited) {
            try {
                TimeUnit.NANOSECONDS.sleep(until - System.nanoTime());
                waited = true;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return true;
    }

    /** The error for a failure that no further attempt is made after. */
    RuntimeException failure(KeeperException failure) {
        return Failures.of(options, doing, failure);
    }

    /** The error where the same was tried again and again and others were faster each time. */
    RuntimeException overtaken(KeeperException last) {
        return Failures.overtaken(options, doing, last);
    }

    /** The error where something was sent and its answer was lost for good. */
    RuntimeException unknown(Throwable failure) {
        return Failures.unknown(options, doing, failure);
    }

    /** Gives the thread back its interruption. */
    void end() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private long left() {
        return Math.max(0, end - System.nanoTime());
    }
}
