package dev.agentcoord.harness.history.tasks;

import static dev.agentcoord.harness.history.tasks.Finish.Way.BURY;
import static dev.agentcoord.harness.history.tasks.Finish.Way.COMPLETE;
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

/** Each kind of bad history is found, as what it is; and the nearest good one is not. */
class QueueCheckerTest {
    private static final Life ANN = alive("ann");
    private static final Life BOB = alive("bob");
    /** Longer than a dead claimer's tasks may stay with it. */
    private static final long LONG = 5_000;

    private final Tale tale = new Tale();

    @Test
    void aTaskThatIsEnqueuedClaimedAndCompletedIsGood() {
        assertThat(tale.enqueued("a", 0)
                        .completes("a", 1, 10)
                        .claimed(ANN, "a", 1, 1, 5)
                        .remains("a", TaskState.DONE, 1, 10)
                        .depth(1)
                        .kinds())
                .isEmpty();
    }

    @Test
    void aTaskThatNobodyEnqueuedIsFound() {
        assertThat(tale.claimed(ANN, "a", 1, 1, 5).kinds()).containsExactly(Kind.OUT_OF_NOTHING);
    }

    @Test
    void aTaskClaimedBeforeItsEnqueueBeganIsFoundButOneBeforeItsEnqueueEndedIsGood() {
        assertThat(new Tale().enqueued("a", 7).claimed(ANN, "a", 1, 1, 5).kinds())
                .containsExactly(Kind.OUT_OF_NOTHING);
        assertThat(new Tale().enqueuedPerhaps("a", 4).claimed(ANN, "a", 1, 1, 5).kinds())
                .isEmpty();
    }

    @Test
    void aTaskDeliveredWhileAnotherHasItIsFound() {
        assertThat(tale.enqueued("a", 0)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "a", 2, 2, 10)
                        .kinds())
                .containsExactly(Kind.DELIVERED_TWICE);
    }

    @Test
    void aTaskDeliveredAsTheOtherGivesItBackIsGood() {
        assertThat(tale.enqueued("a", 0)
                        .finishes("a", 1, FAIL, 10, Outcome.OK)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "a", 2, 2, 10)
                        .kinds())
                .isEmpty();
    }

    @Test
    void aDeadClaimersTaskIsDeliveredOnlyOnceItIsDead() {
        Life dead = killed("ann", 20);
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .claimed(dead, "a", 1, 1, 5)
                        .claimed(BOB, "a", 2, 2, 18)
                        .kinds())
                .containsExactly(Kind.DELIVERED_TWICE);
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .claimed(dead, "a", 1, 1, 5)
                        .claimed(BOB, "a", 2, 2, 20)
                        .kinds())
                .isEmpty();
    }

    @Test
    void aClosedSessionGivesBackWhatItHad() {
        assertThat(tale.enqueued("a", 0)
                        .closes(ANN, 10)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "a", 2, 2, 10)
                        .kinds())
                .isEmpty();
    }

    @Test
    void numbersThatRepeatOrGoBackAreFound() {
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .finishes("a", 1, RELEASE, 6, Outcome.OK)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "a", 1, 0, 10)
                        .kinds())
                .contains(Kind.DELIVERY_NUMBER);
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .finishes("a", 2, RELEASE, 6, Outcome.OK)
                        .finishes("a", 1, RELEASE, 20, Outcome.OK)
                        .claimed(ANN, "a", 2, 1, 5)
                        .claimed(BOB, "a", 1, 1, 10)
                        .kinds())
                .contains(Kind.DELIVERY_NUMBER);
    }

    @Test
    void aTokenThatGoesBackIsFoundThoughTheNumberRises() {
        assertThat(tale.enqueued("a", 0)
                        .finishes("a", 1, FAIL, 6, Outcome.OK)
                        .claimed(ANN, "a", 1, 1, 5, 7)
                        .claimed(BOB, "a", 2, 2, 10, 6)
                        .kinds())
                .containsExactly(Kind.DELIVERY_NUMBER);
    }

    @Test
    void aMissingNumberIsFoundUnlessSomebodyDiedBeforeItHeard() {
        Life dead = killed("cat", 8);
        assertThat(new Tale().enqueued("a", 0).claimed(BOB, "a", 2, 2, LONG).kinds())
                .containsExactly(Kind.DELIVERY_NUMBER);
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .claimsUnheard(dead, 5)
                        .claimed(BOB, "a", 2, 2, LONG)
                        .kinds())
                .isEmpty();
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .claimsUnheard(killed("cat", LONG + 9), LONG + 5)
                        .claimed(BOB, "a", 2, 2, LONG)
                        .kinds())
                .containsExactly(Kind.DELIVERY_NUMBER);
        assertThat(new Tale()
                        .enqueued("a", 10)
                        .claimsUnheard(dead, 5)
                        .claimed(BOB, "a", 2, 2, LONG)
                        .kinds())
                .containsExactly(Kind.DELIVERY_NUMBER);
    }

    @Test
    void aDeliveryAfterTheEndIsFound() {
        assertThat(tale.enqueued("a", 0)
                        .completes("a", 1, 10)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "a", 2, 2, 20)
                        .kinds())
                .containsExactly(Kind.DELIVERED_AFTER_END);
    }

    @Test
    void aDeliveryAfterACompletionWithoutAnAnswerIsGood() {
        assertThat(tale.enqueued("a", 0)
                        .finishes("a", 1, COMPLETE, 10, Outcome.UNKNOWN)
                        .claimed(killed("ann", 12), "a", 1, 1, 5)
                        .claimed(BOB, "a", 2, 2, 20)
                        .kinds())
                .isEmpty();
    }

    @Test
    void aTaskThatUsedUpItsAttemptsAndComesAgainIsFound() {
        assertThat(tale.enqueued("a", 0)
                        .finishes("a", 1, FAIL, 6, Outcome.OK)
                        .finishes("a", 2, FAIL, 11, Outcome.OK)
                        .finishes("a", 3, FAIL, 16, Outcome.OK)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(ANN, "a", 2, 2, 10)
                        .claimed(ANN, "a", 3, 3, 15)
                        .claimed(ANN, "a", 4, 4, 20)
                        .kinds())
                .containsExactly(Kind.DELIVERED_AFTER_END, Kind.ATTEMPT_WRONG);
    }

    @Test
    void aTaskDeliveredBeforeItsTimeIsFound() {
        assertThat(new Tale()
                        .task("a", 5, 100, null)
                        .enqueued("a", 0)
                        .claimed(ANN, "a", 1, 1, 80)
                        .kinds())
                .containsExactly(Kind.DELIVERED_TOO_EARLY);
        assertThat(new Tale()
                        .task("a", 5, 100, null)
                        .enqueued("a", 0)
                        .claimed(ANN, "a", 1, 1, 100)
                        .kinds())
                .isEmpty();
    }

    @Test
    void aTaskDeliveredBeforeItsRetryIsDueIsFound() {
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .finishes("a", 1, FAIL, 6, Outcome.OK, 100)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(ANN, "a", 2, 2, 50)
                        .kinds())
                .containsExactly(Kind.DELIVERED_TOO_EARLY);
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .finishes("a", 1, FAIL, 6, Outcome.OK, 100)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(ANN, "a", 2, 2, 106)
                        .kinds())
                .isEmpty();
    }

    @Test
    void twoAcceptedCompletionsOfOneDeliveryAreFound() {
        assertThat(tale.enqueued("a", 0)
                        .completes("a", 1, 10)
                        .completes("a", 1, 12)
                        .claimed(ANN, "a", 1, 1, 5)
                        .kinds())
                .containsExactly(Kind.STALE_ACCEPTED);
    }

    @Test
    void anAcceptedCompletionOfAnEarlierDeliveryIsFound() {
        assertThat(tale.enqueued("a", 0)
                        .completes("a", 1, 30)
                        .completes("a", 2, 25)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(BOB, "a", 2, 2, 20)
                        .kinds())
                .contains(Kind.STALE_ACCEPTED);
    }

    @Test
    void aClaimerThatIsRefusedWithoutACauseIsFound() {
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .finishes("a", 1, COMPLETE, 10, Outcome.LOST)
                        .claimed(ANN, "a", 1, 1, 5)
                        .kinds())
                .containsExactly(Kind.CLAIM_LOST);
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .completes("a", 1, 10)
                        .finishes("a", 1, COMPLETE, 12, Outcome.LOST)
                        .claimed(ANN, "a", 1, 1, 5)
                        .kinds())
                .isEmpty();
    }

    @Test
    void attemptsThatDoNotCountUpAreFound() {
        assertThat(tale.enqueued("a", 0)
                        .finishes("a", 1, FAIL, 6, Outcome.OK)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(ANN, "a", 2, 1, 10)
                        .kinds())
                .containsExactly(Kind.ATTEMPT_WRONG);
    }

    @Test
    void aReleaseDoesNotCountAndOneWithoutAnAnswerMayOrMayNot() {
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .finishes("a", 1, RELEASE, 6, Outcome.OK)
                        .claimed(ANN, "a", 1, 1, 5)
                        .claimed(ANN, "a", 2, 2, 10)
                        .kinds())
                .containsExactly(Kind.ATTEMPT_WRONG);
        for (int attempt : new int[] {1, 2}) {
            assertThat(new Tale()
                            .enqueued("a", 0)
                            .finishes("a", 1, RELEASE, 6, Outcome.UNKNOWN)
                            .claimed(killed("ann", 7), "a", 1, 1, 5)
                            .claimed(BOB, "a", 2, attempt, 10)
                            .kinds())
                    .isEmpty();
        }
    }

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

    private static final int MAX = Tale.MAX_ATTEMPTS;

    private static Tale keyed() {
        return new Tale()
                .task("a", 5, 0, "k")
                .task("b", 5, 0, "k")
                .enqueued("a", 0)
                .enqueued("b", 2);
    }
}
