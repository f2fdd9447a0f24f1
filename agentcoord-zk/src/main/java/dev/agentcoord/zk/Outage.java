package dev.agentcoord.zk;

import dev.agentcoord.StoreUnavailableException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Whether an ensemble answers, as all of this process have seen. Once two calls in a row were not answered in time the next are refused
 * at once, but for one every two seconds, until one is answered or a connection is made again. Thread-safe.
 */
final class Outage {
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Map<String, Outage> ENSEMBLES = new ConcurrentHashMap<>();

    private final String connect;
    private final CircuitBreaker breaker;

    private Outage(String connect) {
        this.connect = connect;
        this.breaker = CircuitBreaker.of(
                "ZooKeeper " + connect,
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(2)
                        .minimumNumberOfCalls(2)
                        .failureRateThreshold(100)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(PAUSE)
                        .recordException(Caller::isOutage)
                        .build());
    }

    /** The one of the servers that the options name. */
    static Outage of(ZkOptions options) {
        return ENSEMBLES.computeIfAbsent(ConnectString.hosts(options.connect()), Outage::new);
    }

    /** Runs it, unless that is known to be in vain. */
    <T> T guard(String doing, Supplier<T> call) {
        try {
            return breaker.executeSupplier(call);
        } catch (CallNotPermittedException e) {
            throw new StoreUnavailableException(
                    connect,
                    "cannot " + doing + ": ZooKeeper " + connect
                            + " did not answer the last calls; it is asked again every " + PAUSE.toSeconds()
                            + " s, check that a majority of its servers runs",
                    e);
        }
    }

    /** Whether it was not even tried. */
    static boolean isRefusal(StoreUnavailableException failure) {
        return failure.getCause() instanceof CallNotPermittedException;
    }

    /** A server has answered. */
    void over() {
        if (breaker.getState() != CircuitBreaker.State.CLOSED) {
            breaker.reset();
        }
    }

    /** {@code closed} while calls go through, {@code open} while they are refused, {@code half-open} while one tries. */
    String state() {
        return breaker.getState().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
