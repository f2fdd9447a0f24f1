package dev.agentcoord.core.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.TaskAttempt;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class EndingTest {
    @Test
    void whatWasSaidAtTheEndIsKept() {
        assertThat(new Ending.Done("merged").text()).isEqualTo("merged");
        assertThat(new Ending.Again(Duration.ZERO, "no compiler", true).text()).isEqualTo("no compiler");
        assertThat(new Ending.Dead("no such file").text()).isEqualTo("no such file");
    }

    @Test
    void aDeliveryEndsInOneWayAndATaskOnlyByThoseThatAreFinal() {
        assertThat(new Ending.Done("").isEnd()).isTrue();
        assertThat(new Ending.Dead("").isEnd()).isTrue();
        assertThat(new Ending.Cancelled("").isEnd()).isTrue();
        assertThat(new Ending.Again(Duration.ZERO, "", true).isEnd()).isFalse();
        assertThat(new Ending.Again(Duration.ZERO, "", true).outcome()).isEqualTo(TaskAttempt.Outcome.FAILED);
        assertThat(new Ending.Again(Duration.ZERO, "", false).outcome()).isEqualTo(TaskAttempt.Outcome.RELEASED);
        assertThat(new Ending.Dead("").outcome()).isEqualTo(TaskAttempt.Outcome.FAILED);
        assertThat(new Ending.Done("").outcome()).isEqualTo(TaskAttempt.Outcome.DONE);
        assertThat(new Ending.Cancelled("").outcome()).isEqualTo(TaskAttempt.Outcome.CANCELLED);
    }
}
