package dev.agentcoord.core.queue;

import dev.agentcoord.Retry;
import java.time.Duration;

/**
 * What a failed attempt leads to: another after a growing, jittered delay, or a dead letter. Stateless, for every
 * backend.
 */
public final class RetryRule {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final double SPREAD = 0.2;

    private RetryRule() {}

    /** The ending of an attempt whose claimer ended without a word: at once again, so that only a crash loop costs attempts. */
    public static Ending afterDeath(int attempt, int maxAttempts, String cause) {
        return attempt < maxAttempts ? new Ending.Again(Duration.ZERO, cause, true) : new Ending.Dead(cause);
    }

    /** What is kept as the cause when a claimer ended without a word. */
    public static String causeOfDeath(String agent) {
        return agent.isEmpty() ? "its claimer died" : "its claimer, " + agent + ", died";
    }

    /**
     * The ending of a failed attempt.
     *
     * @param attempt its number, the first is 1
     * @param spread a random number in [0, 1), so that failed tasks do not return all at once
     */
    public static Ending afterFailure(int attempt, int maxAttempts, String cause, Retry retry, double spread) {
        if (retry.isNever() || attempt >= maxAttempts) {
            return new Ending.Dead(cause);
        }
        Duration delay = retry.delay().orElseGet(() -> backoff(attempt, spread));
        return new Ending.Again(delay, cause, true);
    }

    /** 10 s doubled with each attempt up to 10 min, give or take 20 %. */
    static Duration backoff(int attempt, double spread) {
        int doublings = Math.min(attempt - 1, 6);
        long millis = Math.min(LONGEST.toMillis(), FIRST.toMillis() << doublings);
        return Duration.ofMillis(Math.round(millis * (1 - SPREAD + 2 * SPREAD * spread)));
    }
}
