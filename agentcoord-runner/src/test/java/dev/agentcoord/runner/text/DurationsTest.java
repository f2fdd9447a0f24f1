package dev.agentcoord.runner.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DurationsTest {
    @Test
    void each_unit_is_read() {
        assertThat(List.of("500ms", "30s", "5m", "2h", "1d", "7").stream().map(Durations::parse))
                .containsExactly(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofHours(2),
                        Duration.ofDays(1),
                        Duration.ofSeconds(7));
    }

    @Test
    void anything_else_is_refused_with_an_example() {
        for (String wrong : List.of("", "-1s", "1.5h", "s", "5 m", "99999999999s", "1w")) {
            assertThatThrownBy(() -> Durations.parse(wrong))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("30s");
        }
    }

    @Test
    void people_read_the_largest_whole_unit() {
        assertThat(List.of(-5, 0, 59, 60, 3_599, 3_600, 86_400, 200_000).stream()
                        .map(Duration::ofSeconds)
                        .map(Durations::brief))
                .containsExactly("0s", "0s", "59s", "1m", "59m", "1h", "1d", "2d");
    }
}
