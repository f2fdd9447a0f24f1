package dev.agentcoord.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Retry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryRuleTest {
    @Test
    void backoffDoublesFromTenSecondsUpToTenMinutes() {
        assertThat(RetryRule.backoff(1, 0.5)).isEqualTo(Duration.ofSeconds(10));
        assertThat(RetryRule.backoff(2, 0.5)).isEqualTo(Duration.ofSeconds(20));
        assertThat(RetryRule.backoff(6, 0.5)).isEqualTo(Duration.ofSeconds(320));
        assertThat(RetryRule.backoff(7, 0.5)).isEqualTo(Duration.ofMinutes(10));
        assertThat(RetryRule.backoff(1_000, 0.5)).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void backoffSpreadsByTwentyPercentEitherWay() {
        assertThat(RetryRule.backoff(1, 0)).isEqualTo(Duration.ofSeconds(8));
        assertThat(RetryRule.backoff(1, 1)).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void aFailedAttemptIsTriedAgainUntilAttemptsAreUsedUp() {
        assertThat(RetryRule.afterFailure(4, 5, "boom", Retry.after(Duration.ofSeconds(1)), 0.5))
                .isEqualTo(new Ending.Again(Duration.ofSeconds(1), "boom", true));
        assertThat(RetryRule.afterFailure(5, 5, "boom", Retry.after(Duration.ZERO), 0.5))
                .isEqualTo(new Ending.Dead("boom"));
    }

    @Test
    void whoStatesNoDelayGetsTheBackoffOfTheAttempt() {
        assertThat(RetryRule.afterFailure(2, 5, "boom", Retry.withBackoff(), 0.5))
                .isEqualTo(new Ending.Again(Duration.ofSeconds(20), "boom", true));
    }

    @Test
    void aTaskThatMustNotBeRetriedDiesAtOnce() {
        assertThat(RetryRule.afterFailure(1, 5, "boom", Retry.never(), 0.5)).isEqualTo(new Ending.Dead("boom"));
    }

    @Test
    void whatKillsItsClaimersIsTriedAgainAtOnceUntilItsAttemptsAreUsedUp() {
        assertThat(RetryRule.afterDeath(4, 5, "died")).isEqualTo(new Ending.Again(Duration.ZERO, "died", true));
        assertThat(RetryRule.afterDeath(5, 5, "died")).isEqualTo(new Ending.Dead("died"));
        assertThat(RetryRule.causeOfDeath("bob")).contains("bob");
        assertThat(RetryRule.causeOfDeath("")).isEqualTo("its claimer died");
    }
}
