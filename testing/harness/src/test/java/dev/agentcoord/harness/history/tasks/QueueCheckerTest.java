package dev.agentcoord.harness.history.tasks;

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
import org.junit.jupiter.api.Test;

/** Of deliveries, numbers and attempts each kind of bad history is found, as what it is; and the nearest good one is not. */
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
    void oneUnheardClaimExplainsOneMissingNumberOfOneTask() {
        Tale two = new Tale()
                .enqueued("a", 0)
                .enqueued("b", 0)
                .claimed(BOB, "a", 2, 2, LONG)
                .claimed(BOB, "b", 2, 2, LONG + 10);

        assertThat(two.claimsUnheard(killed("cat", 8), 5).kinds()).containsExactly(Kind.DELIVERY_NUMBER);
        assertThat(two.claimsUnheard(killed("dan", 8), 5).kinds()).isEmpty();
    }

    @Test
    void whichUnheardClaimExplainsWhichNumberIsChosenSoThatAllAreExplained() {
        assertThat(tale.enqueued("a", 0)
                        .claimsUnheard(killed("cat", 8), 5)
                        .claimsUnheard(killed("dan", LONG + 8), LONG + 5)
                        .claimed(BOB, "a", 2, 2, 2 * LONG)
                        .enqueued("b", 0)
                        .claimed(BOB, "b", 2, 2, LONG)
                        .kinds())
                .isEmpty();
    }

    @Test
    void aFailedClaimMayHaveBeenGivenBackSoThatItsAttemptDoesNotCount() {
        for (int attempt : new int[] {1, 2}) {
            assertThat(new Tale()
                            .enqueued("a", 0)
                            .claimFails(ANN, 5)
                            .claimed(BOB, "a", 2, attempt, 20)
                            .kinds())
                    .isEmpty();
        }
        assertThat(new Tale()
                        .enqueued("a", 0)
                        .claimsUnheard(killed("cat", 8), 5)
                        .claimed(BOB, "a", 2, 1, LONG)
                        .kinds())
                .containsExactly(Kind.ATTEMPT_WRONG);
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
}
