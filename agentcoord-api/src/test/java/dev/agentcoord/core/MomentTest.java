package dev.agentcoord.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class MomentTest {
    private static final Moment START = new Moment(Long.MAX_VALUE - 5, Instant.EPOCH);

    @Test
    void the_longer_of_two_clocks_counts_whichever_it_is() {
        assertThat(START.longestUntil(after(5, 2))).isEqualTo(Duration.ofSeconds(5));
        assertThat(START.longestUntil(after(2, 5))).isEqualTo(Duration.ofSeconds(5));
        assertThat(START.longestUntil(after(2, -5))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void the_monotonic_clock_ignores_what_the_wall_shows() {
        assertThat(START.until(after(2, 500))).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void now_is_what_both_clocks_show() {
        Instant wall = Instant.ofEpochSecond(7);
        TimeSource time = new TimeSource() {
            @Override
            public Instant wall() {
                return wall;
            }

            @Override
            public long nanos() {
                return 42;
            }
        };
        assertThat(Moment.now(time)).isEqualTo(new Moment(42, wall));
    }

    @Test
    void the_systems_clocks_are_those_of_the_machine() {
        Moment before = new Moment(System.nanoTime(), Instant.now());
        Moment now = Moment.now(TimeSource.system());
        Moment after = new Moment(System.nanoTime(), Instant.now());
        assertThat(before.until(now)).isBetween(Duration.ZERO, before.until(after));
        assertThat(now.wall()).isBetween(before.wall(), after.wall());
    }

    private static Moment after(int monotonicSeconds, int wallSeconds) {
        return new Moment(
                START.nanos() + Duration.ofSeconds(monotonicSeconds).toNanos(),
                START.wall().plusSeconds(wallSeconds));
    }
}
