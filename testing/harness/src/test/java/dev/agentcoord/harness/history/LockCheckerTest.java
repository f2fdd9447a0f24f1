package dev.agentcoord.harness.history;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.permits;
import static dev.agentcoord.LockRequest.shared;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.LockRequest;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each kind of bad history is found, as what it is; and the nearest good one is not. */
class LockCheckerTest {
    private static final LockRequest WRITE_A = exclusive(file("a"));
    private static final LockRequest READ_A = shared(file("a"));
    private static final LockRequest WRITE_B = exclusive(file("b"));
    private static final long GRACE = LockPromise.strict().grace().toNanos();

    private final Story ann = Story.of("ann", WRITE_A);
    private final Story bob = Story.of("bob", WRITE_A);

    @Test
    void oneAfterTheOtherIsGood() {
        assertThat(kinds(
                        ann.asks(1).isGranted(2).releases(10, 1),
                        bob.asks(3).isGranted(11).releases(20, 2)))
                .isEmpty();
    }

    @Test
    void twoWritersAtOnceAreFound() {
        assertThat(kinds(
                        ann.asks(1).isGranted(2).releases(10, 1),
                        bob.asks(3).isGranted(9).releases(20, 2)))
                .containsExactly(Kind.OVERLAP);
    }

    @Test
    void aGrantThatBeginsAsTheOtherEndsIsGood() {
        assertThat(kinds(
                        ann.asks(1).isGranted(2).releases(10, 1),
                        bob.asks(3).isGranted(10).releases(20, 2)))
                .isEmpty();
    }

    @Test
    void aWriterBesideAReaderIsFoundButTwoReadersAreGood() {
        Attempt reader = Story.of("ann", READ_A).asks(1).isGranted(2).releases(10, 1);
        Attempt other = Story.of("cat", READ_A).asks(3).isGranted(4).releases(12, 2);
        Attempt writer = bob.asks(4).isGranted(11).releases(20, 3);

        assertThat(kinds(reader, other)).isEmpty();
        assertThat(kinds(reader, other, writer)).containsExactly(Kind.OVERLAP);
    }

    @Test
    void twoWritersOfDifferentFilesAreGood() {
        assertThat(kinds(
                        ann.asks(1).isGranted(2).releases(10, 2),
                        Story.of("bob", WRITE_B).asks(1).isGranted(3).releases(9, 1)))
                .isEmpty();
    }

    @Test
    void aWriterInsideALockedTreeIsFound() {
        assertThat(kinds(
                        Story.of("ann", exclusive(tree("src")))
                                .asks(1)
                                .isGranted(2)
                                .releases(10, 1),
                        Story.of("bob", shared(file("src/x/A.java")))
                                .asks(3)
                                .isGranted(4)
                                .releases(5, 2)))
                .containsExactly(Kind.OVERLAP);
    }

    @Test
    void globsThatMeetOnlyInAPathAreFound() {
        assertThat(kinds(
                        Story.of("ann", exclusive(glob("src/*.java")))
                                .asks(1)
                                .isGranted(2)
                                .releases(10, 1),
                        Story.of("bob", exclusive(glob("**/User.*")))
                                .asks(3)
                                .isGranted(4)
                                .releases(5, 2)))
                .containsExactly(Kind.OVERLAP);
    }

    @Test
    void globsThatNeverMeetAreGood() {
        assertThat(kinds(
                        Story.of("ann", exclusive(glob("src/*.java")))
                                .asks(1)
                                .isGranted(2)
                                .releases(10, 1),
                        Story.of("bob", exclusive(glob("src/*.proto")))
                                .asks(3)
                                .isGranted(4)
                                .releases(5, 2)))
                .isEmpty();
    }

    @Test
    void aNameIsNoPath() {
        assertThat(kinds(
                        Story.of("ann", exclusive(name("a")))
                                .asks(1)
                                .isGranted(2)
                                .releases(10, 1),
                        bob.asks(3).isGranted(4).releases(5, 2)))
                .isEmpty();
        assertThat(kinds(
                        Story.of("ann", exclusive(name("a")))
                                .asks(1)
                                .isGranted(2)
                                .releases(10, 1),
                        Story.of("bob", shared(name("a"))).asks(3).isGranted(4).releases(5, 2)))
                .containsExactly(Kind.OVERLAP);
    }

    @Test
    void onePathOfManyIsEnoughToConflict() {
        LockRequest many = exclusive(file("x"), file("y"), file("a"));
        assertThat(kinds(
                        Story.of("ann", many).asks(1).isGranted(2).releases(10, 1),
                        bob.asks(3).isGranted(4).releases(5, 2)))
                .containsExactly(Kind.OVERLAP);
    }

    @Test
    void aGrantBesideAHolderThatIsOnlyAboutToDieIsFound() {
        Life killed = Life.killed("ann", 10, 12);
        Attempt holder = Story.of(killed, WRITE_A).asks(1).isGranted(2).neverReleases(1);

        assertThat(kinds(holder, bob.asks(3).isGranted(9).releases(20, 2))).containsExactly(Kind.GRANTED_TOO_EARLY);
        assertThat(kinds(holder, bob.asks(3).isGranted(11).releases(20, 2))).isEmpty();
    }

    @Test
    void aThiefGrantedBeforeTheLoserStoppedIsFound() {
        Attempt loser = ann.asks(1).isGranted(2).checks(9).learnsOfItsLoss(15, 1);

        assertThat(kinds(Set.of(1L), loser, bob.asks(3).isGranted(8).releases(20, 2)))
                .containsExactly(Kind.GRANTED_TOO_EARLY);
        assertThat(kinds(Set.of(1L), loser, bob.asks(3).isGranted(10).releases(20, 2)))
                .isEmpty();
    }

    @Test
    void aTokenThatGoesBackIsFound() {
        assertThat(kinds(
                        ann.asks(1).isGranted(2).releases(10, 7),
                        bob.asks(11).isGranted(12).releases(20, 6)))
                .containsExactly(Kind.TOKEN_BACK);
    }

    @Test
    void aTokenGivenTwiceIsFound() {
        assertThat(kinds(
                        ann.asks(1).isGranted(2).releases(10, 7),
                        bob.asks(11).isGranted(12).releases(20, 7)))
                .containsExactly(Kind.TOKEN_REPEATED);
    }

    @Test
    void tokensOfUnrelatedGrantsMayComeInAnyOrder() {
        assertThat(kinds(
                        ann.asks(1).isGranted(2).releases(10, 7),
                        Story.of("bob", WRITE_B).asks(11).isGranted(12).releases(20, 6)))
                .isEmpty();
    }

    @Test
    void aRequestGrantedBeforeAConflictingOneAheadOfItIsFound() {
        assertThat(kinds(
                        ann.asks(1).isGranted(30).releases(40, 1),
                        bob.asks(3).isGranted(11).releases(20, 2)))
                .containsExactly(Kind.OVERTAKEN);
    }

    @Test
    void aRequestThatPassesOneSeenWaitingIsFoundThoughItsTokenIsSmaller() {
        Attempt waiter = ann.asks(1).isGranted(30).releases(40, 2);
        Attempt barger = bob.asks(6).isGranted(11).releases(20, 1);

        assertThat(kinds(new Sighting("ann", 1, 2, 5), waiter, barger)).containsExactly(Kind.OVERTAKEN);
        assertThat(kinds(new Sighting("ann", 1, 2, 7), waiter, barger)).isEmpty();
    }

    @Test
    void whoeverWasSeenWaitingDoesNotHoldUpTheRest() {
        Attempt waiter = ann.asks(1).isGranted(30).releases(40, 2);
        Attempt other = Story.of("bob", WRITE_B).asks(6).isGranted(11).releases(20, 1);

        assertThat(kinds(new Sighting("ann", 1, 2, 5), waiter, other)).isEmpty();
    }

    @Test
    void aGrantLostWithoutATheftIsFound() {
        Attempt loser = ann.asks(1).isGranted(2).learnsOfItsLoss(15, 1);

        assertThat(kinds(loser)).containsExactly(Kind.GRANT_LOST);
        assertThat(kinds(Set.of(2L), loser)).containsExactly(Kind.GRANT_LOST);
        assertThat(kinds(Set.of(1L), loser)).isEmpty();
    }

    @Test
    void moreReadersThanPermitsAreFound() {
        LockRequest permit = permits(pool("build", 2), 1);
        Attempt first = Story.of("ann", permit).asks(1).isGranted(2).releases(10, 1);
        Attempt second = Story.of("bob", permit).asks(1).isGranted(3).releases(10, 2);
        Attempt third = Story.of("cat", permit).asks(1).isGranted(9).releases(20, 3);
        Attempt after = Story.of("cat", permit).asks(1).isGranted(10).releases(20, 3);

        assertThat(kinds(first, second, third)).containsExactly(Kind.POOL_EXCEEDED);
        assertThat(kinds(first, second, after)).isEmpty();
    }

    @Test
    void permitsLostAsTheyWereGrantedAreHeldByNobody() {
        LockRequest permit = permits(pool("build", 1), 1);
        Attempt holder = Story.of("ann", permit).asks(1).isGranted(2).releases(10, 1);
        Story other = Story.of("bob", permit).asks(1).isGranted(5);

        assertThat(kinds(Set.of(2L), holder, other.learnsOfItsLoss(7, 2))).isEmpty();
        assertThat(kinds(Set.of(2L), holder, other.checks(6).learnsOfItsLoss(7, 2)))
                .containsExactly(Kind.OVERLAP, Kind.POOL_EXCEEDED);
    }

    @Test
    void twoRequestsThatTogetherNeedMoreThanThePoolConflict() {
        LockRequest most = permits(pool("build", 3), 2);
        assertThat(kinds(
                        Story.of("ann", most).asks(1).isGranted(2).releases(10, 2),
                        Story.of("bob", most).asks(11).isGranted(12).releases(20, 1)))
                .containsExactly(Kind.TOKEN_BACK);
    }

    @Test
    void aRefusalWithNobodyInTheWayIsFound() {
        Attempt elsewhere = Story.of("bob", WRITE_B).asks(1).isGranted(2).releases(10, 1);
        Attempt before = Story.of("cat", WRITE_A).asks(1).isGranted(2).releases(10, 2);
        Attempt own = ann.asks(1).isGranted(2).releases(10, 3);

        assertThat(kinds(elsewhere, before, ann.asks(12).isRefused(13))).containsExactly(Kind.REFUSED_WITHOUT_CAUSE);
        assertThat(kinds(own, ann.asks(5).isRefused(6))).containsExactly(Kind.REFUSED_WITHOUT_CAUSE);
        assertThat(kinds(before, ann.asks(9).isRefused(13))).isEmpty();
    }

    @Test
    void whatADeadAgentAskedForExplainsRefusalsForAMomentOnly() {
        Attempt dead = Story.of(Life.killed("bob", 10, 12), WRITE_A).asks(9).neverHearsMore();

        assertThat(kinds(dead, ann.asks(12 + GRACE).isRefused(13 + GRACE))).isEmpty();
        assertThat(kinds(dead, ann.asks(13 + GRACE).isRefused(14 + GRACE))).containsExactly(Kind.REFUSED_WITHOUT_CAUSE);
    }

    @Test
    void aCallThatFailedExplainsRefusalsForAMomentOnly() {
        Attempt neverAsked = bob.asks(1).fails(3);
        Attempt notReleased = bob.asks(1).isGranted(2).failsToRelease(3, 1);

        for (Attempt failed : List.of(neverAsked, notReleased)) {
            assertThat(kinds(failed, ann.asks(3 + GRACE).isRefused(5 + GRACE))).isEmpty();
            assertThat(kinds(failed, ann.asks(5 + GRACE).isRefused(6 + GRACE)))
                    .containsExactly(Kind.REFUSED_WITHOUT_CAUSE);
        }
    }

    @Test
    void somebodyWhoOnlyWaitsExplainsARefusal() {
        Attempt reader = Story.of("cat", READ_A).asks(1).isGranted(2).releases(30, 1);
        Attempt writer = bob.asks(3).isRefused(20);
        Attempt another = Story.of("ann", READ_A).asks(5).isRefused(6);

        assertThat(kinds(reader, writer, another)).isEmpty();
        assertThat(kinds(reader, another)).containsExactly(Kind.REFUSED_WITHOUT_CAUSE);
    }

    private static List<Kind> kinds(Attempt... attempts) {
        return kinds(Set.of(), attempts);
    }

    private static List<Kind> kinds(Set<Long> stolen, Attempt... attempts) {
        return kinds(new History(List.of(attempts), List.of(), stolen));
    }

    private static List<Kind> kinds(Sighting sighting, Attempt... attempts) {
        return kinds(new History(List.of(attempts), List.of(sighting), Set.of()));
    }

    private static List<Kind> kinds(History history) {
        return LockChecker.check(history, LockPromise.strict()).stream()
                .map(Violation::kind)
                .toList();
    }
}
