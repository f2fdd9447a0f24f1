package dev.agentcoord.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
    private static final TaskId ID = new TaskId("t1");

    @Test
    void aTaskWaitsInLineThenForOthersThenForItsTime() {
        assertThat(Admission.of(true, 1, false)).isEqualTo(Admission.IN_LINE);
        assertThat(Admission.of(false, 1, false)).isEqualTo(Admission.DEPENDENT);
        assertThat(Admission.of(false, 0, false)).isEqualTo(Admission.DELAYED);
        assertThat(Admission.of(false, 0, true)).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void eachPlaceIsAState() {
        assertThat(Admission.IN_LINE.state()).isEqualTo(TaskState.BLOCKED);
        assertThat(Admission.DEPENDENT.state()).isEqualTo(TaskState.BLOCKED);
        assertThat(Admission.DELAYED.state()).isEqualTo(TaskState.SCHEDULED);
        assertThat(Admission.ADMITTED.state()).isEqualTo(TaskState.READY);
    }

    @Test
    void onlyWhatIsDoneIsNotWaitedForAndNothingWaitsForWhatNeverWillBe() {
        for (TaskState state : TaskState.values()) {
            if (state == TaskState.CANCELLED) {
                assertThatThrownBy(() -> Admission.waitsFor(ID, state))
                        .isInstanceOf(InvalidRequestException.class)
                        .hasMessageContaining("t1");
            } else {
                assertThat(Admission.waitsFor(ID, state)).isEqualTo(state != TaskState.DONE);
            }
        }
    }

    @Test
    void whatDependsOnACancelledTaskSaysWhichOne() {
        assertThat(Admission.dependencyCancelled(ID).reason()).contains("t1");
        assertThat(Admission.unknown(ID)).hasMessageContaining("t1");
    }

    @Test
    void whoOnlyWaitsGivesWayToAnEarlierTaskThatIsRedriven() {
        for (TaskState state : TaskState.values()) {
            assertThat(Admission.givesWay(state, 2, 1)).isEqualTo(state == TaskState.BLOCKED);
            assertThat(Admission.givesWay(state, 1, 2)).isFalse();
        }
    }
}
