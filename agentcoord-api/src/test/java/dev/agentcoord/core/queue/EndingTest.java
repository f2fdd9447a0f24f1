package dev.agentcoord.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EndingTest {
    @Test
    void whatWasSaidAtTheEndIsKept() {
        assertThat(new Ending.Done("merged").text()).isEqualTo("merged");
        assertThat(new Ending.Again(Duration.ZERO, "no compiler", true).text()).isEqualTo("no compiler");
        assertThat(new Ending.Dead("no such file").text()).isEqualTo("no such file");
    }
}
