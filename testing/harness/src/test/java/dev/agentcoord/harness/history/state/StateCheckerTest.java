package dev.agentcoord.harness.history.state;

import static dev.agentcoord.harness.history.state.Scene.deletes;
import static dev.agentcoord.harness.history.state.Scene.put;
import static dev.agentcoord.harness.history.state.Scene.putPerhaps;
import static dev.agentcoord.harness.history.state.Scene.reads;
import static dev.agentcoord.harness.history.state.Scene.refused;
import static dev.agentcoord.harness.history.state.Scene.swaps;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.harness.history.Violation.Kind;
import org.junit.jupiter.api.Test;

/** Each kind of bad history is found, as what it is; and the nearest good one is not. */
class StateCheckerTest {
    private final Scene scene = new Scene();

    @Test
    void writesAndReadsInTheirOrderAreGood() {
        assertThat(scene.call("ann", 0, 1, reads("k", 0))
                        .call("ann", 2, 3, put("k", 1))
                        .call("bob", 4, 5, reads("k", 1))
                        .call("bob", 6, 7, swaps("k", 1, 2))
                        .call("ann", 8, 9, refused("k", 1))
                        .call("ann", 10, 11, deletes("k", 2))
                        .call("bob", 12, 13, reads("k", 0))
                        .call("bob", 14, 15, swaps("k", 0, 3))
                        .call("ann", 16, 17, reads("k", 3))
                        .kinds())
                .isEmpty();
    }

    @Test
    void aStaleReadIsFound() {
        assertThat(new Scene()
                        .call("ann", 0, 1, put("k", 1))
                        .call("ann", 2, 5, put("k", 2))
                        .call("bob", 6, 7, reads("k", 1))
                        .kinds())
                .containsExactly(Kind.NOT_LINEARIZABLE, Kind.CYCLE);
        assertThat(new Scene()
                        .call("ann", 0, 1, put("k", 1))
                        .call("ann", 2, 5, put("k", 2))
                        .call("bob", 5, 7, reads("k", 1))
                        .kinds())
                .isEmpty();
    }

    @Test
    void anOldReadOfAnotherIsGoodWhereThatIsPromisedButNotOneFromBeforeTheOwnWrite() {
        assertThat(new Scene()
                        .call("ann", 0, 1, put("k", 1))
                        .call("ann", 2, 5, put("k", 2))
                        .call("bob", 6, 7, reads("k", 1))
                        .kinds(StatePromise.OWN_WRITES))
                .isEmpty();
        assertThat(new Scene()
                        .call("bob", 0, 1, put("k", 1))
                        .call("ann", 2, 5, put("k", 2))
                        .call("ann", 6, 7, reads("k", 1))
                        .kinds(StatePromise.OWN_WRITES))
                .containsExactly(Kind.OWN_WRITE_MISSED);
    }

    @Test
    void twoReadsThatSeeTwoWritesInDifferentOrdersAreFound() {
        assertThat(scene.call("ann", 0, 20, put("k", 1))
                        .call("bob", 0, 20, put("k", 2))
                        .call("cat", 1, 2, reads("k", 2))
                        .call("cat", 3, 4, reads("k", 1))
                        .kinds())
                .contains(Kind.NOT_LINEARIZABLE);
    }

    @Test
    void aLostUpdateIsFound() {
        assertThat(scene.call("ann", 0, 1, put("k", 1))
                        .call("ann", 2, 10, swaps("k", 1, 2))
                        .call("bob", 2, 10, swaps("k", 1, 3))
                        .kinds())
                .containsExactly(Kind.NOT_LINEARIZABLE, Kind.CYCLE);
    }

    @Test
    void aRefusalOfWhatWasThereIsFound() {
        assertThat(new Scene()
                        .call("ann", 0, 1, put("k", 1))
                        .call("ann", 2, 3, refused("k", 1))
                        .kinds())
                .containsExactly(Kind.NOT_LINEARIZABLE);
        assertThat(new Scene()
                        .call("ann", 0, 1, put("k", 1))
                        .call("ann", 2, 3, refused("k", 1))
                        .call("bob", 2, 3, put("k", 2))
                        .kinds())
                .isEmpty();
        assertThat(new Scene().call("ann", 2, 3, refused("k", 0)).kinds()).containsExactly(Kind.NOT_LINEARIZABLE);
    }

    @Test
    void aValueThatNobodyWroteAndOneOfAnotherRevisionAreFound() {
        assertThat(new Scene().call("ann", 0, 1, reads("k", 1)).kinds()).containsExactly(Kind.NOT_LINEARIZABLE);
        assertThat(new Scene()
                        .call("ann", 0, 1, put("k", 1))
                        .call("ann", 2, 3, Touch.read("k", new Version(1, "v9")))
                        .kinds())
                .containsExactly(Kind.NOT_LINEARIZABLE);
    }

    @Test
    void aRevisionThatRepeatsOrGoesBackIsFound() {
        assertThat(new Scene()
                        .call("ann", 0, 1, put("k", 1))
                        .call("ann", 2, 3, deletes("k", 1))
                        .call("ann", 4, 5, swaps("k", 0, 1))
                        .kinds())
                .contains(Kind.REVISION_REPEATED);
        assertThat(new Scene()
                        .call("ann", 0, 1, put("k", 2))
                        .call("ann", 2, 3, put("k", 1))
                        .kinds())
                .contains(Kind.NOT_LINEARIZABLE);
        assertThat(new Scene()
                        .call("ann", 0, 1, put("k", 1))
                        .call("ann", 2, 3, put("m", 1))
                        .kinds())
                .isEmpty();
    }

    @Test
    void aWriteWithoutAnAnswerMayHaveBeenAtAnyLaterTimeOrNever() {
        for (long seen : new long[] {1, 3}) {
            assertThat(new Scene()
                            .call("ann", 0, 1, put("k", 1))
                            .unanswered("bob", 2, putPerhaps("k", 3))
                            .call("ann", 4, 5, reads("k", 1))
                            .call("ann", 6, 7, reads("k", seen))
                            .kinds())
                    .isEmpty();
        }
        assertThat(new Scene()
                        .call("ann", 0, 1, put("k", 1))
                        .unanswered("bob", 2, putPerhaps("k", 3))
                        .call("ann", 4, 5, reads("k", 3))
                        .call("ann", 6, 7, reads("k", 1))
                        .kinds())
                .contains(Kind.NOT_LINEARIZABLE);
    }

    @Test
    void aWriteWithoutAnAnswerThatNobodyReadExplainsARefusal() {
        assertThat(scene.call("ann", 0, 1, put("k", 1))
                        .unanswered("bob", 2, putPerhaps("k", 3))
                        .call("ann", 4, 5, refused("k", 1))
                        .call("ann", 6, 7, put("k", 4))
                        .call("ann", 8, 9, reads("k", 4))
                        .kinds())
                .isEmpty();
    }

    @Test
    void aWriteWithoutAnAnswerIsNotSeenBeforeItBegan() {
        assertThat(scene.call("ann", 0, 1, reads("k", 3))
                        .unanswered("bob", 2, putPerhaps("k", 3))
                        .kinds())
                .contains(Kind.NOT_LINEARIZABLE);
    }

    @Test
    void aDeletionWithoutAnAnswerMayHaveBeen() {
        assertThat(scene.call("ann", 0, 1, put("k", 1))
                        .unanswered("bob", 2, deletes("k", 1))
                        .call("ann", 4, 5, reads("k", 0))
                        .call("ann", 6, 7, swaps("k", 0, 2))
                        .kinds())
                .isEmpty();
    }

    @Test
    void aDeletionWithoutAnAnswerThatCameTooLateNeverWas() {
        assertThat(scene.call("ann", 0, 1, put("k", 1))
                        .call("ann", 2, 3, put("k", 2))
                        .unanswered("bob", 4, deletes("k", 1))
                        .call("ann", 5, 6, reads("k", 2))
                        .kinds())
                .isEmpty();
    }

    @Test
    void halfATransactionThatIsReadIsFound() {
        assertThat(new Scene()
                        .call("ann", 0, 1, put("x", 1), put("y", 1))
                        .call("ann", 2, 9, put("x", 2), put("y", 2))
                        .call("bob", 3, 8, reads("x", 2), reads("y", 1))
                        .kinds())
                .containsExactly(Kind.CYCLE);
        assertThat(new Scene()
                        .call("ann", 0, 1, put("x", 1), put("y", 1))
                        .call("ann", 2, 9, put("x", 2), put("y", 2))
                        .call("bob", 3, 8, reads("x", 2), reads("y", 2))
                        .kinds())
                .isEmpty();
    }

    @Test
    void halfATransactionWithoutAnAnswerIsFoundAsWell() {
        assertThat(scene.call("ann", 0, 1, put("x", 1), put("y", 1))
                        .unanswered("ann", 2, putPerhaps("x", 2), putPerhaps("y", 2))
                        .call("bob", 3, 8, reads("x", 2), reads("y", 1))
                        .kinds())
                .containsExactly(Kind.CYCLE);
    }

    @Test
    void twoTransactionsThatEachMissTheOthersWriteAreFound() {
        assertThat(scene.call("ann", 0, 1, put("x", 1))
                        .call("ann", 2, 3, put("y", 2))
                        .call("ann", 4, 9, reads("x", 1), swaps("y", 2, 3))
                        .call("bob", 4, 9, reads("y", 2), swaps("x", 1, 4))
                        .kinds())
                .containsExactly(Kind.CYCLE);
    }

    @Test
    void twoReadersThatSeeTwoKeysChangeInDifferentOrdersAreFound() {
        assertThat(scene.call("ann", 0, 20, put("x", 1))
                        .call("bob", 0, 20, put("y", 2))
                        .call("cat", 1, 9, reads("x", 1), reads("y", 0))
                        .call("dan", 1, 9, reads("x", 0), reads("y", 2))
                        .kinds())
                .containsExactly(Kind.CYCLE);
    }

    @Test
    void aTransactionThatIsSerializableOnlyAgainstTheClockIsFound() {
        assertThat(scene.call("ann", 0, 1, put("x", 1), put("y", 1))
                        .call("bob", 2, 3, put("x", 2))
                        .call("ann", 4, 5, put("y", 3))
                        .call("cat", 1, 9, reads("x", 1), reads("y", 3))
                        .kinds())
                .containsExactly(Kind.CYCLE);
    }
}
