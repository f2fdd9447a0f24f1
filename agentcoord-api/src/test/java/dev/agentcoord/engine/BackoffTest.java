package dev.agentcoord.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Test
    void pauses_double_from_twenty_milliseconds_to_a_second() {
        Backoff backoff = new Backoff();

        assertThat(LongStream.generate(backoff::nextNanos).limit(8).map(TimeUnit.NANOSECONDS::toMillis))
                .containsExactly(20L, 40L, 80L, 160L, 320L, 640L, 1_000L, 1_000L);
    }
}
