package dev.agentcoord.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ParkRuleTest {
    private static final Instant PARKED = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void locksStayUntilTheirTimeIsOver() {
        assertThat(ParkRule.isOver(PARKED, PARKED.plus(Duration.ofMinutes(30)), ParkRule.PARK_TIMEOUT))
                .isFalse();
        assertThat(ParkRule.isOver(PARKED, PARKED.plus(Duration.ofMinutes(30)).plusNanos(1), ParkRule.PARK_TIMEOUT))
                .isTrue();
    }

    @Test
    void aClockThatWentBackGivesNothingUp() {
        assertThat(ParkRule.isOver(PARKED, PARKED.minusSeconds(9), Duration.ZERO))
                .isFalse();
    }
}
