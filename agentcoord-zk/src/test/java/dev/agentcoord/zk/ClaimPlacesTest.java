package dev.agentcoord.zk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.TaskId;
import org.junit.jupiter.api.Test;

final class ClaimPlacesTest {
    private static final TaskId TASK = new TaskId("t");

    private final ClaimPlaces places = new ClaimPlaces();

    @Test
    void a_claim_that_ends_late_does_not_take_away_where_the_next_one_of_the_same_task_stands() {
        places.begun(TASK, 1, "first");
        places.begun(TASK, 2, "second");

        places.over(TASK, 1);

        assertThat(places.of(TASK, 2)).contains("second");
        assertThat(places.of(TASK, 1)).isEmpty();
    }

    @Test
    void a_claim_that_is_over_stands_nowhere() {
        places.begun(TASK, 1, "first");

        places.over(TASK, 1);

        assertThat(places.of(TASK, 1)).isEmpty();
    }
}
