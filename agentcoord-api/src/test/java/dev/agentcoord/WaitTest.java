package dev.agentcoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class WaitTest {
    @Test
    void a_wait_is_shown_as_people_write_it() {
        assertThat(Wait.upTo(Duration.ofSeconds(2))).hasToString("up to 2 s");
        assertThat(Wait.upTo(Duration.ofMillis(300))).hasToString("up to 0.3 s");
        assertThat(Wait.upTo(Duration.ofMinutes(5))).hasToString("up to 300 s");
        assertThat(Wait.none()).hasToString("without waiting");
        assertThatThrownBy(() -> Wait.upTo(Duration.ofSeconds(-1))).hasMessageContaining("-1 s");
    }
}
