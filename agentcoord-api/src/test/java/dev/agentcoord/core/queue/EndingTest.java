package dev.agentcoord.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EndingTest {
    @Test
    void whatWasSaidAtTheEndIsKept() {
        assertThat(new Ending.Done("merged").text()).isEqualTo("merged");
        assertThat(new Ending.Again(Duration.ZERO, "no compiler", true).text()).isEqualTo("no compiler");
        assertThat(new Ending.Dead("no such file").text()).isEqualTo("no such file");
        assertThat(new Ending.HandedOff(Route.ANYONE, "half done").text()).isEqualTo("half done");
        assertThat(new Ending.Cancelled("not wanted").text()).isEqualTo("not wanted");
    }

    @Test
    void aDeliveryEndsInOneWayAndATaskOnlyByThoseThatAreFinal() {
        assertThat(new Ending.Done("").isEnd()).isTrue();
        assertThat(new Ending.Dead("").isEnd()).isTrue();
        assertThat(new Ending.Cancelled("").isEnd()).isTrue();
        assertThat(new Ending.Again(Duration.ZERO, "", true).isEnd()).isFalse();
        assertThat(new Ending.HandedOff(Route.ANYONE, "").isEnd()).isFalse();
        assertThat(new Ending.Again(Duration.ZERO, "", true).outcome()).isEqualTo(TaskAttempt.Outcome.FAILED);
        assertThat(new Ending.Again(Duration.ZERO, "", false).outcome()).isEqualTo(TaskAttempt.Outcome.RELEASED);
        assertThat(new Ending.Dead("").outcome()).isEqualTo(TaskAttempt.Outcome.FAILED);
        assertThat(new Ending.Done("").outcome()).isEqualTo(TaskAttempt.Outcome.DONE);
        assertThat(new Ending.Cancelled("").outcome()).isEqualTo(TaskAttempt.Outcome.CANCELLED);
        assertThat(new Ending.HandedOff(Route.ANYONE, "").outcome()).isEqualTo(TaskAttempt.Outcome.HANDED_OFF);
    }

    @Test
    void aTaskEndsInTheStateOfItsEndingAndOneThatGoesOnInNone() {
        assertThat(new Ending.Done("").end()).isEqualTo(TaskState.DONE);
        assertThat(new Ending.Dead("").end()).isEqualTo(TaskState.DEAD);
        assertThat(new Ending.Cancelled("").end()).isEqualTo(TaskState.CANCELLED);
        for (Ending open : List.of(new Ending.Again(Duration.ZERO, "", true), new Ending.HandedOff(Route.ANYONE, ""))) {
            assertThatThrownBy(open::end).isInstanceOf(IllegalStateException.class);
        }
    }
}
