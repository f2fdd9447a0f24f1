package dev.agentcoord.core.lock;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.permits;
import static dev.agentcoord.LockRequest.shared;
import static dev.agentcoord.core.lock.Tickets.owner;
import static dev.agentcoord.core.lock.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.LockRequest;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.Limits;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class TicketTableTest {
    private final TicketTable table = new TicketTable();

    @Test
    void theFirstOfTwoWritersOfAFileIsGrantedAndTheSecondNamesIt() {
        Ticket first = place(1, 1, exclusive(file("src/A.java")));
        Ticket second = place(2, 2, exclusive(file("src/A.java")));

        assertThat(table.isGranted(first)).isTrue();
        assertThat(table.isGranted(second)).isFalse();
        assertThat(table.blockersOf(second)).containsExactly(first);
    }

    @Test
    void theOrderOfPositionsCountsNotTheOrderOfArrival() {
        Ticket late = place(9, 1, exclusive(file("a")));
        Ticket early = place(3, 2, exclusive(file("a")));

        assertThat(table.isGranted(early)).isTrue();
        assertThat(table.blockersOf(late)).containsExactly(early);
    }

    @Test
    void readersOfAFileDoNotBlockEachOther() {
        place(1, 1, shared(file("a")));

        assertThat(table.isGranted(place(2, 2, shared(file("a"))))).isTrue();
    }

    @Test
    void aReaderWaitsBehindAWaitingWriter() {
        Ticket reader = place(1, 1, shared(file("a")));
        Ticket writer = place(2, 2, exclusive(file("a")));
        Ticket barger = place(3, 3, shared(file("a")));

        assertThat(table.blockersOf(writer)).containsExactly(reader);
        assertThat(table.blockersOf(barger)).containsExactly(writer);
    }

    @Test
    void aWriterOfATreeIsNotStarvedByReadersOfItsFiles() {
        for (int i = 1; i <= 50; i++) {
            place(i, i, shared(file("src/f" + i)));
        }
        Ticket writer = place(51, 51, exclusive(tree("src")));
        for (int i = 1; i <= 50; i++) {
            assertThat(table.isGranted(place(51 + i, i, shared(file("src/f" + i)))))
                    .isFalse();
        }
        for (int i = 1; i <= 50; i++) {
            assertThat(table.isGranted(writer)).isFalse();
            assertThat(admittedByRemovalOf(i)).isEqualTo(i < 50 ? List.of() : List.of(writer));
        }
        assertThat(table.isGranted(writer)).isTrue();
    }

    @Test
    void twoTicketsOfOneOwnerNeverConflict() {
        place(1, 1, exclusive(tree("src")));

        assertThat(table.isGranted(place(2, 1, exclusive(file("src/A.java"))))).isTrue();
    }

    @Test
    void aTaskIsAnotherOwnerThanTheSessionOfTheSameName() {
        place(1, 1, exclusive(file("a")));
        Ticket ofTask =
                new Ticket(2, 0, new Owner(Owner.Kind.TASK, owner(1).id()), 0, exclusive(file("a")), Tickets.SINCE);

        assertThat(table.isGranted(ofTask)).isFalse();
    }

    @Test
    void aTreeConflictsWithItselfAndWithWhatIsAboveAndBelowButNotBeside() {
        place(1, 1, exclusive(tree("src/gen")));

        assertThat(blocked(exclusive(tree("src/gen")))).isTrue();
        assertThat(blocked(exclusive(file("src/gen")))).isTrue();
        assertThat(blocked(exclusive(file("src/gen/deep/er.java")))).isTrue();
        assertThat(blocked(exclusive(tree("src")))).isTrue();
        assertThat(blocked(exclusive(tree(".")))).isTrue();
        assertThat(blocked(exclusive(file("src")))).isFalse();
        assertThat(blocked(exclusive(tree("src/generated")))).isFalse();
        assertThat(blocked(exclusive(file("src/gen-a")))).isFalse();
    }

    @Test
    void aFileBlocksTheTreesAroundItAndNoFileBelowIt() {
        place(1, 1, exclusive(file("src/a")));

        assertThat(blocked(exclusive(tree("src")))).isTrue();
        assertThat(blocked(exclusive(tree("src/a")))).isTrue();
        assertThat(blocked(exclusive(file("src/a/b")))).isFalse();
        assertThat(blocked(exclusive(tree("src/a/b")))).isFalse();
    }

    @Test
    void globsConflictExactlyWhereSomePathMatchesBoth() {
        place(1, 1, exclusive(glob("src/*/a.ts")));

        assertThat(blocked(exclusive(glob("src/b/*")))).isTrue();
        assertThat(blocked(exclusive(glob("**/*.ts")))).isTrue();
        assertThat(blocked(exclusive(file("src/x/a.ts")))).isTrue();
        assertThat(blocked(exclusive(tree("src/x")))).isTrue();
        assertThat(blocked(exclusive(glob("**/*.java")))).isFalse();
        assertThat(blocked(exclusive(file("src/x/y/a.ts")))).isFalse();
    }

    @Test
    void namesConflictOnlyWithEqualNamesAndNeverWithPaths() {
        place(1, 1, exclusive(name("git:index")));

        assertThat(blocked(exclusive(name("git:index")))).isTrue();
        assertThat(blocked(exclusive(name("git:index2")))).isFalse();
        assertThat(blocked(exclusive(file("git:index")))).isFalse();
        assertThat(blocked(exclusive(tree(".")))).isFalse();
    }

    @Test
    void oneConflictingItemBlocksTheWholeRequest() {
        Ticket holder = place(1, 1, exclusive(file("b")));
        Ticket both = place(2, 2, exclusive(file("a"), file("b")));
        Ticket behind = place(3, 3, exclusive(file("a")));

        assertThat(table.blockersOf(both)).containsExactly(holder);
        assertThat(table.blockersOf(behind)).containsExactly(both);
    }

    @Test
    void aPoolGrantsItsCapacityAndNoMore() {
        place(1, 1, permits(pool("build", 3), 2));
        Ticket large = place(2, 2, permits(pool("build", 3), 2));
        Ticket small = place(3, 3, permits(pool("build", 3), 1));

        assertThat(table.isGranted(large)).isFalse();
        assertThat(table.isGranted(small)).as("first come first served").isFalse();
        assertThat(admittedByRemovalOf(1)).containsExactly(large, small);
    }

    @Test
    void permitsOfOneOwnerAreCountedTooForAPoolIsNotHeldTwice() {
        Ticket first = place(1, 1, permits(pool("build", 2), 2));

        assertThat(table.blockersOf(place(2, 1, permits(pool("build", 2), 1)))).containsExactly(first);
    }

    @Test
    void anotherCapacityThanTheEarliestTicketsIsRefused() {
        place(1, 1, permits(pool("build", 2), 1));
        place(2, 1, permits(pool("other", 9), 1));

        assertThatThrownBy(() -> table.blockersOf(owner(2), permits(pool("build", 3), 1)))
                .isInstanceOf(PoolMismatchException.class)
                .hasMessageContaining("capacity 2 by ticket #1, not 3");
        table.remove(1);
        assertThat(table.blockersOf(owner(2), permits(pool("build", 3), 1))).isEmpty();
    }

    @Test
    void aRemovalAdmitsOnlyThoseItBlockedAndNobodyElseBlocks() {
        place(1, 1, exclusive(file("a")));
        place(2, 2, exclusive(file("b")));
        Ticket a = place(3, 3, exclusive(file("a")));
        place(4, 4, exclusive(file("a"), file("b")));
        place(5, 5, exclusive(file("a")));
        place(6, 6, exclusive(file("c")));

        assertThat(admittedByRemovalOf(1)).containsExactly(a);
    }

    @Test
    void whoeverWaitedForARemovedTicketAndForAnotherIsStillBlocked() {
        place(1, 1, exclusive(file("a")));
        place(2, 2, exclusive(file("b")));
        Ticket both = place(3, 3, exclusive(file("a"), file("b")));
        place(4, 4, exclusive(file("a")));
        place(5, 5, exclusive(file("b")));
        Ticket removed = Objects.requireNonNull(table.remove(1));

        assertThat(table.stillBlockedAfter(removed)).containsExactly(both);
        table.remove(2);
        assertThat(table.stillBlockedAfter(removed)).isEmpty();
    }

    @Test
    void whoeverWaitsForAnotherTicketOfTheOneWhoLetGoIsStillBlocked() {
        place(1, 1, exclusive(file("a")));
        place(2, 1, exclusive(file("a")));
        Ticket next = place(3, 2, exclusive(file("a")));
        place(4, 3, exclusive(file("a")));

        assertThat(table.stillBlockedAfter(Objects.requireNonNull(table.remove(1))))
                .containsExactly(next);
    }

    @Test
    void whoeverWaitsForHimWhoHeldBesideATaskIsStillBlocked() {
        Owner task = Owner.task("work", new TaskId("T1"));
        Ticket ofTask = ticket(1, 1, exclusive(file("a"))).of(task, 1);
        place(2, 1, exclusive(file("a")));
        Ticket next = place(3, 2, exclusive(file("a")));
        place(4, 3, exclusive(file("a")));

        assertThat(table.stillBlockedAfter(ofTask)).containsExactly(next);
        assertThat(table.stillBlockedAfter(ticket(1, 4, exclusive(file("a")))))
                .as("nobody holds beside a session")
                .isEmpty();
    }

    @Test
    void whoeverWaitsForPermitsAndForAnItemOfAnotherIsStillBlocked() {
        place(1, 1, exclusive(file("a")));
        place(2, 2, permits(pool("build", 2), 1));
        place(3, 3, permits(pool("build", 2), 1));
        place(4, 4, permits(pool("build", 2), 2));
        Ticket both = place(5, 5, permits(pool("build", 2), 1).andExclusive(file("a")));
        Ticket removed = Objects.requireNonNull(table.remove(2));

        assertThat(table.stillBlockedAfter(removed))
                .as("no permits are let go of without a word")
                .isEmpty();
        table.remove(4);
        assertThat(table.stillBlockedAfter(removed)).containsExactly(both);
    }

    @Test
    void whoeverFindsAllPermitsTakenByThoseBeforeHimIsNotNext() {
        place(1, 1, exclusive(file("a")));
        place(2, 2, permits(pool("build", 2), 1));
        place(3, 3, permits(pool("build", 2), 2));
        place(4, 4, permits(pool("build", 2), 1).andExclusive(file("a")));

        assertThat(table.stillBlockedAfter(Objects.requireNonNull(table.remove(2))))
                .isEmpty();
    }

    @Test
    void aTicketThatIsPassedOnIsInNobodysWayButThatOfThoseBehindIt() {
        Ticket first = place(1, 1, exclusive(file("b")));
        Ticket passed = place(2, 2, shared(file("a")).andExclusive(file("c")));
        Ticket received = passed.of(owner(3), 1);

        assertThat(table.isGranted(received)).isTrue();
        assertThat(table.blockersOf(received)).isEmpty();
        assertThat(table.isInTheWay(received)).isFalse();
        table.remove(2);
        table.add(received);
        Ticket behind = place(4, 4, exclusive(file("a")));
        Ticket receivers = place(5, 3, shared(file("c")));
        assertThat(table.admittedBy(passed)).containsExactly(receivers);
        assertThat(table.all()).containsExactly(first, received, behind, receivers);
    }

    @Test
    void permitsThatArePassedOnAdmitNobodyAndStayTaken() {
        Ticket passed = place(1, 1, permits(pool("build", 2), 1));
        place(2, 2, permits(pool("build", 2), 1));
        place(3, 3, permits(pool("build", 2), 1));
        table.remove(1);
        table.add(passed.of(owner(4), 1));
        List<Ticket> before = table.all();

        assertThat(table.admittedBy(passed)).isEmpty();
        assertThat(table.all()).isEqualTo(before);
    }

    @Test
    void aTicketIsInTheWayOfWhoeverCameLaterAndOverlapsWhateverElseHeWaitsFor() {
        Ticket first = place(1, 1, exclusive(file("a")));
        Ticket second = place(2, 2, exclusive(file("b")));
        Ticket last = place(3, 3, exclusive(tree(".")));

        assertThat(table.isInTheWay(first)).isTrue();
        assertThat(table.isInTheWay(second)).isTrue();
        assertThat(table.isInTheWay(last)).isFalse();
        table.remove(3);
        assertThat(table.isInTheWay(first)).isFalse();
    }

    @Test
    void nextAfterATicketAreThoseThatItAloneBlocks() {
        Ticket holder = place(1, 1, exclusive(file("a"), file("b")));
        Ticket other = place(2, 2, exclusive(file("c")));
        place(3, 3, exclusive(file("a"), file("c")));
        Ticket next = place(4, 4, exclusive(file("b")));
        place(5, 5, exclusive(file("b")));
        List<Ticket> before = table.all();

        assertThat(table.nextAfter(holder)).containsExactly(next);
        assertThat(table.nextAfter(other)).isEmpty();
        assertThat(table.all()).isEqualTo(before);
        assertThat(table.isGranted(next)).isFalse();
    }

    @Test
    void nobodyIsNextAfterATicketThatIsNotThere() {
        Ticket gone = place(1, 1, exclusive(file("a")));
        place(2, 2, exclusive(file("a")));
        table.remove(1);

        assertThat(table.nextAfter(gone)).isEmpty();
        assertThat(table.get(1)).isNull();
    }

    @Test
    void permitsThatSufficedBeforeAreNotAdmittedAgain() {
        place(1, 1, permits(pool("build", 3), 1));
        place(2, 2, permits(pool("build", 3), 1));
        place(3, 3, permits(pool("build", 3), 1));
        Ticket waiting = place(4, 4, permits(pool("build", 3), 1));

        assertThat(admittedByRemovalOf(1)).containsExactly(waiting);
    }

    @Test
    void aRemovedTicketNoLongerBlocks() {
        Ticket first = place(1, 1, exclusive(tree("src")));
        Ticket second = place(2, 2, shared(file("src/a")));

        assertThat(table.remove(1)).isEqualTo(first);
        assertThat(table.remove(1)).isNull();
        assertThat(table.get(1)).isNull();
        assertThat(table.get(2)).isEqualTo(second);
        assertThat(table.isGranted(second)).isTrue();
        assertThat(table.all()).containsExactly(second);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void aRequestIsExplainedWithoutBeingPlaced() {
        Ticket holder = place(1, 1, exclusive(file("a")));

        assertThat(table.blockersOf(owner(2), exclusive(file("a")))).containsExactly(holder);
        assertThat(table.blockersOf(owner(1), exclusive(file("a")))).isEmpty();
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void onePositionIsTakenOnce() {
        place(1, 1, exclusive(file("a")));

        assertThatThrownBy(() -> place(1, 2, exclusive(file("b"))))
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining("#1");
        assertThat(table.size()).isEqualTo(1);
        assertThat(blocked(exclusive(file("b")))).isFalse();
    }

    @Test
    void oneOwnerCannotFillTheSpace() {
        for (int i = 1; i <= Limits.TICKETS_PER_SESSION; i++) {
            table.checkQuota(owner(1));
            place(i, 1, exclusive(name("n" + i)));
        }

        assertThatThrownBy(() -> table.checkQuota(owner(1)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("512");
        table.checkQuota(owner(2));
        table.remove(7);
        table.checkQuota(owner(1));
        place(7, 1, exclusive(name("n7")));
        assertThatThrownBy(() -> table.checkQuota(owner(1))).isInstanceOf(LimitExceededException.class);
    }

    @Test
    void aFullSpaceTakesNoMoreFromAnyone() {
        for (int i = 1; i <= Limits.TICKETS_PER_SPACE; i++) {
            place(i, i % 100, exclusive(name("n" + i)));
        }

        assertThatThrownBy(() -> table.checkQuota(owner(101)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("4096");
    }

    @Test
    void aClearedTableHasForgottenEverything() {
        place(1, 1, exclusive(file("a"), glob("*.md"), name("n")).andPermits(pool("p", 1), 1));
        table.clear();

        assertThat(table.size()).isZero();
        assertThat(table.count(owner(1))).isZero();
        assertThat(blocked(exclusive(file("a"), glob("*.md"), name("n")).andPermits(pool("p", 2), 1)))
                .isFalse();
    }

    private Ticket place(long position, int owner, LockRequest wants) {
        Ticket ticket = ticket(position, owner, wants);
        table.add(ticket);
        return ticket;
    }

    private List<Ticket> admittedByRemovalOf(long position) {
        return table.admittedBy(Objects.requireNonNull(table.remove(position)));
    }

    private boolean blocked(LockRequest wants) {
        return !table.blockersOf(owner(99), wants).isEmpty();
    }
}
