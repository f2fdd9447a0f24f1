package dev.agentcoord.harness.history.tasks;

import static dev.agentcoord.harness.history.tasks.Finish.Way.FAIL;
import static dev.agentcoord.harness.history.tasks.Finish.Way.RELEASE;
import static dev.agentcoord.harness.history.tasks.Tale.alive;
import static dev.agentcoord.harness.history.tasks.Tale.killed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.TaskState;
import dev.agentcoord.harness.history.Call.Outcome;
import dev.agentcoord.harness.history.Life;
import dev.agentcoord.harness.history.Violation.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Of the order in which tasks come, and of those that do not come though they are ready, each bad history is found, and no good one. */
class QueueOrderTest {
    private static final Life ANN = alive("ann");
    private static final Life BOB = alive("bob");
    /** Longer than a dead claimer's tasks may stay with it. */
    private static final long LONG = 5_000;

    private final Tale tale = new Tale();

    @Test
    void aTaskThatOvertakesAnEarlierOneIsFound() {
        assertThat(tale.enqueued("a", 0)
                        .enqueued("b", 2)
                        .claimed(ANN, "b", 1, 1, 5)
                        .claimed(BOB, "a", 1, 1, 7)
                        .kinds())
                .containsExactly(Kind.TASK_OVERTAKEN);
    }

    @Test
    void tasksEnqueuedOrClaimedAtTheSameTimeComeInAnyOrder() {
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .enqueued("b", 1)
                        .claimed(ANN, "b", 1, 1, 5)
                        .claimed(BOB, "a", 1, 1, 7)
                        .kinds())
                .isEmpty();
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .enqueued("b", 2)
                        .claimed(ANN, "b", 1, 1, 5)
                        .claimed(BOB, "a", 1, 1, 5)
                        .kinds())
                .isEmpty();
    }

    @Test
    void aTaskOfALaterPriorityThatComesFirstIsFound() {
        assertThat(tale.task("a", 5)
                        .task("b", 4)
                        .enqueued("a", 0)
                        .enqueued("b", 2)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "b", 1, 1, 7)
                        .kinds())
                .containsExactly(Kind.TASK_OVERTAKEN);
    }

    @Test
    void aTaskThatWasGivenBackStandsWhereItStood() {
        assertThat(tale.enqueued("a", 0)
                        .enqueued("b", 2)
                        .finishes("a", 1, RELEASE, 8, Outcome.OK)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "b", 1, 1, 10)
                        .claimed(BOB, "a", 2, 1, 12)
                        .kinds())
                .containsExactly(Kind.TASK_OVERTAKEN);
    }

    @Test
    void aTaskOfTheFirstFewIsGoodWhereThatIsAllThatWasPromised() {
        QueuePromise two = new QueuePromise(2, Duration.ofSeconds(2), Duration.ZERO);
        tale.enqueued("a", 0).enqueued("b", 2).enqueued("c", 4);
        tale.claimed(ANN, "c", 1, 1, 10).claimed(ANN, "b", 1, 1, 12);
        assertThat(tale.claimed(ANN, "a", 1, 1, 14).kinds(two)).containsExactly(Kind.TASK_OVERTAKEN);

        Tale good = new Tale().enqueued("a", 0).enqueued("b", 2).enqueued("c", 4);
        good.claimed(ANN, "b", 1, 1, 10).claimed(ANN, "c", 1, 1, 12).claimed(ANN, "a", 1, 1, 14);
        assertThat(good.kinds(two)).isEmpty();
    }

    @Test
    void aClaimThatFindsNothingThoughATaskIsReadyIsFound() {
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .findsNothing(5)
                        .claimed(ANN, "a", 1, 1, 10)
                        .kinds())
                .containsExactly(Kind.NOTHING_FOUND);
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .findsNothing(5)
                        .claimed(ANN, "a", 1, 1, 5)
                        .kinds())
                .isEmpty();
        assertThat(new Tale()
                        .enqueued("a", 5)
                        .findsNothing(5)
                        .claimed(ANN, "a", 1, 1, 10)
                        .kinds())
                .isEmpty();
    }

    @Test
    void aTaskThatStaysReadyMayHaveBeenWithAClaimThatNobodyHeardOf() {
        assertThat(staysReady().claimFails(ANN, 5).findsNothing(10).kinds()).containsExactly(Kind.ENDED_OTHERWISE);
        assertThat(staysReady().findsNothing(5).claimFails(ANN, 10).kinds())
                .containsExactlyInAnyOrder(Kind.ENDED_OTHERWISE, Kind.NOTHING_FOUND);
    }

    private static Tale staysReady() {
        return new Tale().enqueued("a", 0).remains("a", TaskState.READY, 0, 0);
    }

    @Test
    void aDeadClaimersTaskMayBeMissingForAMomentOnly() {
        Life dead = killed("ann", 10);
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .claimed(dead, "a", 1, 1, 5)
                        .findsNothing(500)
                        .claimed(BOB, "a", 2, 2, LONG)
                        .kinds())
                .isEmpty();
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .claimed(dead, "a", 1, 1, 5)
                        .findsNothing(LONG - 10)
                        .claimed(BOB, "a", 2, 2, LONG)
                        .kinds())
                .containsExactly(Kind.NOTHING_FOUND);
    }

    @Test
    void twoTasksOfOneKeyAtOnceAreFound() {
        assertThat(keyed().completes("a", 1, 20)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "b", 1, 1, 10)
                        .kinds())
                .contains(Kind.KEY_ORDER);
        assertThat(keyed().completes("a", 1, 10)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "b", 1, 1, 10)
                        .kinds())
                .isEmpty();
    }

    @Test
    void twoTasksOfOneKeyAtOnceAreFoundThoughTheyWereEnqueuedAtOnce() {
        assertThat(new Tale()
                        .task("a", 5, 0, "k")
                        .task("b", 5, 0, "k")
                        .enqueued("a", 0)
                        .enqueued("b", 0)
                        .completes("a", 1, 20)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "b", 1, 1, 10)
                        .kinds())
                .containsExactly(Kind.KEY_ORDER);
    }

    @Test
    void aTaskOfAKeyBetweenTwoAttemptsOfAnEarlierOneIsFound() {
        assertThat(keyed().finishes("a", 1, FAIL, 8, Outcome.OK)
                        .completes("b", 1, 14)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "b", 1, 1, 12)
                        .claimed(ANN, "a", 2, 2, 20)
                        .kinds())
                .contains(Kind.KEY_ORDER);
    }

    @Test
    void aTaskBehindAnotherOfItsKeyIsNotReady() {
        assertThat(keyed().completes("a", 1, 20)
                        .claimed(ANN, "a", 1, 1, 5)
                        .findsNothing(10)
                        .claimed(BOB, "b", 1, 1, 30)
                        .kinds())
                .isEmpty();
        assertThat(keyed().completes("a", 1, 20)
                        .claimed(ANN, "a", 1, 1, 5)
                        .findsNothing(25)
                        .claimed(BOB, "b", 1, 1, 30)
                        .kinds())
                .containsExactly(Kind.NOTHING_FOUND);
    }

    private static Tale keyed() {
        return new Tale()
                .task("a", 5, 0, "k")
                .task("b", 5, 0, "k")
                .enqueued("a", 0)
                .enqueued("b", 2);
    }
}
