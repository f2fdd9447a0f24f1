package dev.agentcoord.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class RetentionTest {
    private static final Instant ENDED = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void theLatest10000OfTheLastSevenDaysAreKept() {
        Instant sevenDays = ENDED.plus(Duration.ofDays(7));
        assertThat(Retention.goes(ENDED, 9_999, sevenDays)).isFalse();
        assertThat(Retention.goes(ENDED, 10_000, ENDED)).isTrue();
        assertThat(Retention.goes(ENDED, 0, sevenDays.plusMillis(1))).isTrue();
    }

    @Test
    void anIdIsRememberedForADay() {
        Instant day = ENDED.plus(Duration.ofHours(24));
        assertThat(Retention.remembersId(ENDED, day)).isTrue();
        assertThat(Retention.remembersId(ENDED, day.plusMillis(1))).isFalse();
    }
}
