package dev.agentcoord.harness.history.tasks;

import static dev.agentcoord.harness.history.tasks.Finish.Way.BURY;
import static dev.agentcoord.harness.history.tasks.Finish.Way.COMPLETE;
import static dev.agentcoord.harness.history.tasks.Tale.alive;
import static dev.agentcoord.harness.history.tasks.Tale.killed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.TaskState;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import dev.agentcoord.harness.history.Violation.Kind;
import org.junit.jupiter.api.Test;

/** Of what is left of tasks in the end each bad history is found, as what it is; and the nearest good one is not. */
class QueueEndsTest {
    private static final Life ANN = alive("ann");

    private static final int MAX = Tale.MAX_ATTEMPTS;

    private final Tale tale = new Tale();

    @Test
    void anAcknowledgedTaskThatIsGoneIsFound() {
        assertThat(new Tale().enqueued("a", 0).isGone("a").kinds()).containsExactly(Kind.TASK_LOST);
        assertThat(new Tale().enqueuedPerhaps("a", 0).isGone("a").kinds()).isEmpty();
    }

    @Test
    void aTaskThatIsStillThereAfterTheEndIsFound() {
        assertThat(tale.enqueued("a", 0).remains("a", TaskState.READY, 0, 0).kinds())
                .containsExactly(Kind.ENDED_OTHERWISE);
    }

    @Test
    void aLostCompletionIsFound() {
        assertThat(tale.enqueued("a", 0)
                        .completes("a", 1, 10)
                        .claimed(ANN, "a", 1, 1, 5)
                        .remains("a", TaskState.READY, 1, 0)
                        .kinds())
                .containsExactly(Kind.ENDED_OTHERWISE);
    }

    @Test
    void aTaskDoneThatNobodyCompletedAndAnotherResultAreFound() {
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .claimed(killed("ann", 9), "a", 1, 1, 5)
                        .remains("a", TaskState.DONE, 1, 10)
                        .kinds())
                .containsExactly(Kind.ENDED_OTHERWISE);
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .completes("a", 1, 10)
                        .claimed(ANN, "a", 1, 1, 5)
                        .remains("a", TaskState.DONE, 1, 11)
                        .kinds())
                .containsExactly(Kind.ENDED_OTHERWISE);
    }

    @Test
    void aCompletionWithoutAnAnswerMayOrMayNotHaveBeen() {
        assertThat(tale.enqueued("a", 0)
                        .finishes("a", 1, COMPLETE, 10, Outcome.UNKNOWN)
                        .claimed(killed("ann", 12), "a", 1, 1, 5)
                        .remains("a", TaskState.DONE, 1, 10)
                        .kinds())
                .isEmpty();
    }

    @Test
    void aTaskThatDiedWithoutACauseIsFound() {
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .claimed(killed("ann", 9), "a", 1, 1, 5)
                        .remains("a", TaskState.DEAD, 1, 0)
                        .kinds())
                .containsExactly(Kind.ENDED_OTHERWISE);
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .finishes("a", 1, BURY, 8, Outcome.OK)
                        .claimed(ANN, "a", 1, 1, 5)
                        .remains("a", TaskState.DEAD, 1, 0)
                        .kinds())
                .isEmpty();
    }

    @Test
    void aTaskDiesWithItsLastClaimerThoughNobodyHeardOfTheClaim() {
        tale.enqueued("a", 0)
                .claimsUnheard(killed("x", 4), 3)
                .claimsUnheard(killed("y", 6), 5)
                .claimsUnheard(killed("z", 8), 7);
        assertThat(tale.remains("a", TaskState.DEAD, MAX, 0).kinds()).isEmpty();

        assertThat(new Tale()
                        .enqueued("a", 0)
                        .claimsUnheard(killed("x", 4), 3)
                        .remains("a", TaskState.DEAD, MAX, 0)
                        .kinds())
                .containsExactly(Kind.ENDED_OTHERWISE);
    }

    @Test
    void aTaskTooManyInTheStoreIsFound() {
        assertThat(tale.enqueued("a", 0)
                        .completes("a", 1, 10)
                        .claimed(ANN, "a", 1, 1, 5)
                        .remains("a", TaskState.DONE, 1, 10)
                        .depth(2)
                        .kinds())
                .containsExactly(Kind.DEPTH_WRONG);
    }
}
