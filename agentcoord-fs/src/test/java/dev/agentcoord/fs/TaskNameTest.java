package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskNameTest {
    private static final Path DIR = Path.of("ready");
    private static final TaskName TASK =
            new TaskName(0x1234, 5, 0x567, 3, 2, 5, "any", true, "0123456789abc", new TaskId("rename_User.java-1"));

    @Test
    void aNameSaysAllThereIsToKnowOfATasksState() {
        SessionId claimer = SessionId.random();
        assertThat(TaskName.parse(DIR, TASK.ready())).isEqualTo(new TaskName.Found(TASK, 0, null));
        assertThat(TaskName.parse(DIR, TASK.at(99))).isEqualTo(new TaskName.Found(TASK, 99, null));
        assertThat(TaskName.parse(DIR, TASK.claimed(claimer))).isEqualTo(new TaskName.Found(TASK, 0, claimer));
    }

    @Test
    void aDeliveryCountsAndIsNeverTakenBackOnlyItsAttemptIs() {
        TaskName delivered = TASK.delivered();
        assertThat(delivered.delivery()).isEqualTo(4);
        assertThat(delivered.attempt()).isEqualTo(3);
        assertThat(delivered.uncounted().delivery()).isEqualTo(4);
        assertThat(delivered.uncounted().attempt()).isEqualTo(2);
    }

    @Test
    void theLongestNameFits() {
        TaskName longest = new TaskName(
                Long.MAX_VALUE,
                9,
                Long.MAX_VALUE,
                999_999_999,
                999_999_999,
                999_999_999,
                "0123456789abc",
                true,
                "0123456789abc",
                new TaskId("x".repeat(64)));
        assertThat(longest.at(Long.MAX_VALUE)).hasSizeLessThanOrEqualTo(255);
        assertThat(longest.claimed(SessionId.random())).hasSizeLessThanOrEqualTo(255);
    }

    @Test
    void aTaskIsFoundByItsIdWhateverStandsBesideIt() {
        for (String name : List.of(TASK.ready(), TASK.at(9), TASK.claimed(SessionId.random()))) {
            assertThat(TaskName.isOf(name, TASK.id())).isTrue();
            assertThat(TaskName.isOf(name, new TaskId("rename_User.java"))).isFalse();
            assertThat(TaskName.isOf(name, new TaskId("any"))).isFalse();
            assertThat(TaskName.isOf(name, new TaskId("0123456789abc"))).isFalse();
        }
    }

    @Test
    void whatIsNoTaskIsNamedNotSkipped() {
        for (String name : List.of(
                "",
                "x",
                TASK.ready() + "~",
                TASK.ready() + "~short",
                "~" + TASK.ready(),
                "f" + TASK.ready().substring(1))) {
            assertThatThrownBy(() -> TaskName.parse(DIR, name))
                    .isInstanceOf(CorruptRecordException.class)
                    .hasMessageContaining("not that of a task");
        }
    }
}
