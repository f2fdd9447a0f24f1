package dev.agentcoord.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Wait;
import dev.agentcoord.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
    private long now = Long.MAX_VALUE - 5;

    private final TimeSource time = new TimeSource() {
        @Override
        public Instant wall() {
            throw new AssertionError("wall time decides nothing");
        }

        @Override
        public long nanos() {
            return now;
        }
    };

    @Test
    void a_budget_is_used_up_by_elapsed_time_even_where_the_clock_wraps() {
        Deadline deadline = Deadline.start(time, Wait.upTo(Duration.ofNanos(10)));

        assertThat(deadline.limit(100)).isEqualTo(10);
        now += 9;
        assertThat(deadline.isOver()).isFalse();
        assertThat(deadline.limit(100)).isEqualTo(1);
        now += 1;
        assertThat(deadline.isOver()).isTrue();
        assertThat(deadline.limit(100)).isZero();
        assertThat(deadline.waited()).isEqualTo(10);
    }

    @Test
    void without_waiting_it_is_over_at_once() {
        assertThat(Deadline.start(time, Wait.none()).isOver()).isTrue();
    }

    @Test
    void without_limit_it_is_never_over() {
        Deadline deadline = Deadline.start(time, Wait.forever());
        now += Long.MAX_VALUE;

        assertThat(deadline.isOver()).isFalse();
        assertThat(deadline.limit(100)).isEqualTo(100);
    }

    @Test
    void a_budget_longer_than_any_clock_is_only_very_long() {
        Deadline deadline = Deadline.start(time, Wait.upTo(Duration.ofSeconds(Long.MAX_VALUE)));

        assertThat(deadline.isOver()).isFalse();
        assertThat(deadline.limit(100)).isEqualTo(100);
    }
}
