package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Pool;
import dev.agentcoord.fs.Explorer.Found;
import dev.agentcoord.fs.SectionModel.Limits;
import dev.agentcoord.fs.SectionModel.Mistake;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** All orders in which a few processes can come, die, fail, steal and sweep; and that a wrong program is found out. */
@Execution(ExecutionMode.CONCURRENT)
final class SectionModelTest {
    private static final LockRequest A = LockRequest.exclusive(Item.file("a"));
    private static final LockRequest READ_A = LockRequest.shared(Item.file("a"));
    private static final LockRequest A_AND_B = LockRequest.exclusive(Item.file("a"), Item.file("b"));
    private static final LockRequest PERMIT = LockRequest.permits(new Pool("build", 2), 1);
    private static final LockRequest B = LockRequest.exclusive(Item.file("b"));

    /** One process from the start and one that comes later, of which one dies, a call fails, and one steals. */
    private static final Limits TWO = new Limits(List.of(A, A), 1, 3, 1, 1, 1, 1, 1);

    private static final Limits THREE = new Limits(List.of(A, A, A), 3, 32, 1, 0, 0, 0, 0);
    /** One that waits for two others. */
    private static final Limits ONE_FOR_TWO = new Limits(List.of(A, B, A_AND_B), 3, 32, 1, 0, 0, 0, 0);

    @Test
    void aChainOfThreeOfWhichTheSecondStaysAwake() {
        assertHolds(new Limits(List.of(A, A_AND_B, B), 3, 32, 1, 0, 0, 0, 0).lingering(0, 0), 20_000);
    }

    @Test
    void twoProcessesThatComeAgainAndAgain() {
        assertHolds(new Limits(List.of(A, A), 2, 32, 3, 0, 1, 0, 0), 20_000);
    }

    @Test
    void twoProcessesThatDieFailAndSteal() {
        assertHolds(TWO, 20_000);
    }

    @Test
    void threeProcessesOfWhichTwoDie() {
        assertHolds(new Limits(List.of(A, A, A), 3, 32, 1, 0, 2, 0, 0), 10_000);
    }

    @Test
    void threeProcessesOfWhichOneStealsAndOneDies() {
        assertHolds(new Limits(List.of(A, A, A), 3, 32, 1, 0, 1, 0, 1), 20_000);
    }

    @Test
    void threeProcessesWhoseCallsFail() {
        assertHolds(new Limits(List.of(A, A, A), 3, 32, 1, 0, 1, 1, 0), 20_000);
    }

    @Test
    void threeProcessesThatWantDifferentThings() {
        assertHolds(new Limits(List.of(A_AND_B, READ_A, B), 3, 32, 1, 0, 1, 0, 0), 20_000);
    }

    @Test
    void twoProcessesOfWhichOneLetsItsLockBecomeATasksOrWritesUnderIt() {
        assertHolds(new Limits(List.of(A, A), 2, 32, 1, 0, 1, 1, 1).lingering(1, 1), 20_000);
    }

    @Test
    void threeProcessesOfWhichOneWritesUnderItsLock() {
        assertHolds(new Limits(List.of(A, A, A), 3, 32, 1, 0, 0, 0, 0).lingering(0, 1), 20_000);
    }

    @Test
    void threeProcessesThatWantOneOfTwoPermits() {
        assertHolds(new Limits(List.of(PERMIT, PERMIT, PERMIT), 3, 32, 1, 0, 1, 0, 0), 20_000);
    }

    @Test
    void twoReadersAndAWriterThatStayAwakeForEachOther() {
        assertHolds(new Limits(List.of(READ_A, READ_A, A), 3, 32, 1, 0, 0, 0, 0).lingering(0, 1), 20_000);
    }

    @Test
    void twoProcessesThatOverrunTheRing() {
        assertHolds(new Limits(List.of(A, A), 2, 4, 3, 0, 1, 0, 0), 20_000);
    }

    @Test
    void twoProcessesThatMeetAChangeThatHasBecomeUnreadable() {
        assertHolds(new Limits(List.of(A, A), 1, 32, 2, 1, 1, 0, 0).damaged(1), 20_000);
    }

    @Test
    void threeProcessesThatMeetAChangeThatHasBecomeUnreadable() {
        assertHolds(new Limits(List.of(A, A, A), 3, 32, 1, 0, 0, 0, 0).damaged(1), 20_000);
    }

    @Test
    void anUnreadableBlockThatIsWrittenAgainIsFoundOut() {
        assertBreaks(
                TWO.damaged(1), Mistake.UNREADABLE_BLOCK_WRITTEN_AGAIN, "what is decided on is what the names say");
    }

    @Test
    void aNameTouchedBeforeItIsAnnouncedIsFoundOut() {
        assertBreaks(Mistake.NAME_BEFORE_ANNOUNCEMENT, "no position repeats");
    }

    @Test
    void aLatestAnnouncementThatNobodyChecksIsFoundOut() {
        assertBreaks(Mistake.LATEST_NOT_LOOKED_AT, "what is decided on is what the names say");
    }

    @Test
    void aLatestAnnouncementThatOnlyThoseWhoWantTicketsCheckIsFoundOut() {
        assertBreaks(Mistake.LATEST_LOOKED_AT_FOR_TICKETS_ONLY, "what is decided on is what the names say");
    }

    @Test
    void aTornBlockTakenForTheEndOfTheRingIsFoundOut() {
        assertBreaks(Mistake.TORN_BLOCK_TAKEN_FOR_THE_END, "what is decided on is what the names say");
    }

    @Test
    void anOverrunOfTheRingThatIsNotNoticedIsFoundOut() {
        assertBreaks(Mistake.RING_OVERRUN_NOT_NOTICED, "what is decided on is what the names say");
    }

    @Test
    void aPositionTakenFromMemoryIsFoundOut() {
        assertBreaks(Mistake.POSITION_FROM_MEMORY, "no position repeats");
    }

    @Test
    void aDecisionFromMemoryIsFoundOut() {
        assertBreaks(Mistake.TABLE_FROM_MEMORY, "what is decided on is what the names say");
    }

    @Test
    void aNameTouchedOutsideOfTheSectionIsFoundOut() {
        assertBreaks(Mistake.NAME_TOUCHED_OUTSIDE, "whoever is let in is told");
    }

    @Test
    void aFailedTurnOfOnesOwnThatIsForgottenIsFoundOut() {
        assertBreaks(Mistake.OWN_FAILURE_FORGOTTEN, "what is decided on is what the names say");
    }

    @Test
    void aTheftWithoutItsMarkIsFoundOut() {
        assertBreaks(Mistake.MARK_LEFT_OUT, "whoever loses a ticket can tell why");
    }

    @Test
    void aReleaseThatTellsNobodyIsFoundOut() {
        assertBreaks(Mistake.NOBODY_TOLD, "whoever is let in is told");
    }

    @Test
    void aWaiterThatNeverLooksAgainIsFoundOut() {
        assertBreaks(Mistake.NEVER_LOOKED_AGAIN, "whoever is let in finds it out");
    }

    @Test
    void aMissingNameThatNobodyClearsAwayIsFoundOut() {
        assertBreaks(Mistake.MISSING_NAME_NEVER_CLEARED, "whoever is let in finds it out");
    }

    @Test
    void aMissingNameTakenForAReleaseIsFoundOut() {
        assertBreaks(
                TWO.lingering(1, 0), Mistake.MISSING_NAME_TAKEN_FOR_A_RELEASE, "what a task holds nobody else does");
    }

    @Test
    void changesReadBeforeTheNameIsMissedAreFoundOut() {
        assertBreaks(TWO.lingering(1, 0), Mistake.CHANGES_READ_BEFORE_THE_NAME, "what a task holds nobody else does");
    }

    @Test
    void aRequiredLockThatIsNotAskedForOnceMoreIsFoundOut() {
        assertBreaks(
                TWO.lingering(0, 1),
                Mistake.REQUIRED_LOCK_ASKED_FOR_ONCE,
                "nothing is written under a lock that somebody else has by now");
    }

    @Test
    void aReleaseThatDoesNotReadWhoCameIsFoundOut() {
        assertBreaks(Mistake.NEWS_NOT_READ, "whoever is let in is told");
    }

    @Test
    void aReleaseThatReadsWhoCameBeforeItLetsGoIsFoundOut() {
        assertBreaks(Mistake.NEWS_READ_BEFORE_LETTING_GO, "whoever is let in is told");
    }

    @Test
    void aReleaseThatForgetsWhoWaitsForMoreIsFoundOut() {
        assertBreaks(ONE_FOR_TWO, Mistake.WHO_WAITS_FOR_MORE_FORGOTTEN, "whoever is let in is told");
    }

    @Test
    void aRemovalThatDoesNotLookAtWhatElseIsInTheWayOfThoseWhoWaitIsFoundOut() {
        assertBreaks(THREE, Mistake.OTHERS_IN_THE_WAY_NOT_LOOKED_AT, "whoever is let in is told");
    }

    @Test
    void aGrantBesideAnotherIsFoundOut() {
        assertBreaks(Mistake.GRANTED_TO_WHOEVER_ASKS, "no two of the living hold what conflicts");
    }

    @Test
    void aSweepOfTheLivingIsFoundOut() {
        assertBreaks(Mistake.LIVING_SWEPT, "no ticket of the living is swept");
    }

    @Test
    void aRecordSweptBeforeItsTicketsIsFoundOut() {
        assertBreaks(Mistake.RECORD_SWEPT_FIRST, "one sweep leaves nothing");
    }

    @Test
    void aLockThatOutlivesItsHolderIsFoundOut() {
        assertBreaks(Mistake.LOCK_OUTLIVES_ITS_HOLDER, "the section is never left unusable");
    }

    private static void assertHolds(Limits limits, int atLeast) {
        Found found = Explorer.explore(new SectionModel(limits, Mistake.NONE));
        assertThat(found.broken()).as(found.toString()).isNull();
        assertThat(found.states()).as(found.toString()).isGreaterThan(atLeast);
    }

    private static void assertBreaks(Mistake mistake, String rule) {
        assertBreaks(TWO, mistake, rule);
    }

    private static void assertBreaks(Limits limits, Mistake mistake, String rule) {
        Found found = Explorer.explore(new SectionModel(limits, mistake));
        assertThat(found.broken()).as(found.toString()).isEqualTo(rule);
    }
}
