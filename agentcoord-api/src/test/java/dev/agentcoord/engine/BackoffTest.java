package dev.agentcoord.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Test
    void pauses_double_from_twenty_milliseconds_to_a_second() {
        assertThat(pauses(new Backoff())).startsWith(20L, 40L, 80L, 160L, 320L, 640L, 1_000L, 1_000L);
    }

    @Test
    void the_first_is_as_long_as_hints_can_be_relied_on_and_none_is_longer_than_a_second() {
        assertThat(pauses(new Backoff(Duration.ofMillis(250)))).startsWith(250L, 500L, 1_000L, 1_000L);
        assertThat(pauses(new Backoff(Duration.ofMinutes(1)))).startsWith(1_000L, 1_000L);
    }

    private static List<Long> pauses(Backoff backoff) {
        return LongStream.generate(backoff::nextNanos)
                .limit(8)
                .map(TimeUnit.NANOSECONDS::toMillis)
                .boxed()
                .toList();
    }
}
