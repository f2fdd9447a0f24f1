package dev.agentcoord.core.lock;

import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.LockRequest.permits;
import static dev.agentcoord.LockRequest.shared;
import static dev.agentcoord.core.lock.Tickets.owner;
import static dev.agentcoord.core.lock.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.LockRequest;
import dev.agentcoord.TaskId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WaitGraphTest {
    private final List<Ticket> live = new ArrayList<>();

    @Test
    void waitingForSomebodyWhoDoesNotWaitIsNoCycle() {
        place(1, exclusive(name("x")));
        Ticket waits = place(2, exclusive(name("x")));

        assertThat(graph().isStuck(waits)).isFalse();
        assertThat(graph().cycleThrough(waits)).isEmpty();
    }

    @Test
    void cyclesOfAnyLengthHaveExactlyOneVictimTheYoungest() {
        for (int length : new int[] {2, 3, 7, 50}) {
            live.clear();
            for (int i = 0; i < length; i++) {
                place(i, exclusive(name("n" + i)));
            }
            List<Ticket> waits = new ArrayList<>();
            for (int i = 0; i < length; i++) {
                int party = (i + length / 2) % length;
                waits.add(place(party, exclusive(name("n" + (party + 1) % length))));
            }
            WaitGraph graph = graph();

            for (Ticket each : waits) {
                WaitCycle cycle = graph.cycleThrough(each).orElseThrow();
                assertThat(cycle.victim()).isEqualTo(Collections.max(cycle.waiting()));
                assertThat(cycle.waiting()).contains(each);
            }
            assertThat(waits.stream().filter(each -> isVictim(graph, each))).hasSize(1);
        }
    }

    @Test
    void theCycleStartsAtTheVictimAndEachIsBlockedByTheNext() {
        Ticket holds1 = place(1, exclusive(name("x")));
        Ticket holds2 = place(2, exclusive(name("y")));
        Ticket waits1 = place(1, exclusive(name("y")));
        Ticket waits2 = place(2, exclusive(name("x")));

        WaitCycle cycle = graph().cycleThrough(waits1).orElseThrow();

        assertThat(cycle.links())
                .containsExactly(new WaitCycle.Link(waits2, holds1, true), new WaitCycle.Link(waits1, holds2, true));
        assertThat(cycle.waiting()).containsExactly(waits2, waits1);
        assertThat(cycle.describe(owner -> "a" + owner.id().substring(25)))
                .isEqualTo("a2 holds name:y (#2), waits for name:x (#4) held by a1; "
                        + "a1 holds name:x (#1), waits for name:y (#3) held by a2");
    }

    @Test
    void aWaitBehindAWaitingTicketIsALinkToo() {
        place(1, shared(name("x")));
        place(2, exclusive(name("y")));
        Ticket writer = place(2, exclusive(name("x")));
        Ticket reader = place(3, shared(name("x")).andExclusive(name("z")));
        Ticket waits1 = place(1, exclusive(name("z")));

        WaitCycle cycle = graph().cycleThrough(waits1).orElseThrow();

        assertThat(cycle.waiting()).containsExactly(waits1, reader, writer);
        assertThat(cycle.describe(owner -> "a" + owner.id().substring(25)))
                .isEqualTo("a1 holds shared name:x (#1), waits for name:z (#5) behind a3; "
                        + "a3 waits for shared name:x, name:z (#4) behind a2; "
                        + "a2 waits for name:x (#3) held by a1");
    }

    @Test
    void whoWaitsForACycleWithoutBeingOfItIsNotItsVictim() {
        place(1, exclusive(name("x")));
        place(2, exclusive(name("y")));
        place(1, exclusive(name("y")));
        Ticket victim = place(2, exclusive(name("x")));
        Ticket outsider = place(3, exclusive(name("x")));

        assertThat(graph().isStuck(outsider)).isTrue();
        assertThat(graph().cycleThrough(outsider)).isEmpty();
        assertThat(isVictim(graph(), victim)).isTrue();
    }

    @Test
    void onceTheVictimHasGivenUpNobodyIsStuck() {
        place(1, exclusive(name("x")));
        place(2, exclusive(name("y")));
        Ticket waits1 = place(1, exclusive(name("y")));
        Ticket victim = place(2, exclusive(name("x")));
        live.remove(victim);

        assertThat(graph().isStuck(waits1)).isFalse();
    }

    @Test
    void everyOneOfTwoSeparateCyclesHasItsOwnVictim() {
        for (String pair : List.of("a", "b")) {
            int first = pair.equals("a") ? 1 : 3;
            place(first, exclusive(name(pair + "x")));
            place(first + 1, exclusive(name(pair + "y")));
            place(first, exclusive(name(pair + "y")));
            place(first + 1, exclusive(name(pair + "x")));
        }
        WaitGraph graph = graph();

        assertThat(live.stream().filter(each -> isVictim(graph, each)).map(Ticket::position))
                .containsExactly(4L, 8L);
    }

    @Test
    void permitsThatSomebodyElseWillGiveBackAreNoDeadlock() {
        place(1, exclusive(name("x")));
        place(2, permits(pool("p", 2), 1));
        place(3, permits(pool("p", 2), 1));
        Ticket waits1 = place(1, permits(pool("p", 2), 1));
        Ticket waits2 = place(2, exclusive(name("x")));

        assertThat(graph().isStuck(waits1)).as("3 will return its permit").isFalse();
        assertThat(graph().isStuck(waits2)).isFalse();

        Ticket waits3 = place(3, exclusive(name("x")));
        assertThat(graph().isStuck(waits1)).isTrue();
        assertThat(live.stream().filter(each -> isVictim(graph(), each)))
                .isSubsetOf(waits2, waits3)
                .isNotEmpty();
    }

    @Test
    void whoWaitsForPermitsThatItHoldsItselfIsACycleOfOne() {
        place(1, permits(pool("p", 1), 1));
        Ticket again = place(1, permits(pool("p", 1), 1));

        assertThat(graph().cycleThrough(again).orElseThrow().waiting()).containsExactly(again);
    }

    @Test
    void aTaskAndItsClaimerAreOneParty() {
        Owner task = Owner.task("work", new TaskId("T1"));
        live.add(new Ticket(1, 1, task, 1, exclusive(name("x")), Tickets.SINCE));
        Ticket claimers = ticket(2, 1, exclusive(name("x")));
        live.add(claimers);

        assertThat(WaitGraph.of(live).cycleThrough(claimers)).isEmpty();
        assertThat(WaitGraph.of(live, owner -> owner.equals(task) ? owner(1) : owner)
                        .cycleThrough(claimers))
                .map(WaitCycle::victim)
                .contains(claimers);
    }

    @Test
    void aTicketOfAMismatchedPoolWaitsForNobody() {
        place(1, permits(pool("p", 1), 1));
        Ticket refused = place(2, permits(pool("p", 2), 1));

        assertThat(graph().isStuck(refused)).isFalse();
    }

    @Test
    void whoeverWaitsForOneWhoIsOnlyToBeRefusedIsNotStuck() {
        place(1, permits(pool("p", 1), 1));
        place(2, exclusive(name("x")));
        place(2, permits(pool("p", 2), 1));
        Ticket waits = place(1, exclusive(name("x")));

        assertThat(graph().isStuck(waits)).isFalse();
        assertThat(graph().cycleThrough(waits)).isEmpty();
    }

    @Test
    void aCycleCountsOnlyIfASecondListingShowsAllOfItAgain() {
        place(1, exclusive(name("x")));
        place(2, exclusive(name("y")));
        place(1, exclusive(name("y")));
        Ticket victim = place(2, exclusive(name("x")));
        WaitCycle cycle = graph().cycleThrough(victim).orElseThrow();

        assertThat(cycle.confirmedBy(graph())).isTrue();
        for (Ticket gone : List.copyOf(live)) {
            List<Ticket> second = new ArrayList<>(live);
            second.remove(gone);
            assertThat(cycle.confirmedBy(WaitGraph.of(second))).isFalse();
        }
    }

    @Test
    void ofTwoCyclesThroughATicketTheOneThatItIsTheVictimOfIsReported() {
        place(1, exclusive(name("y")));
        place(3, shared(name("x")));
        place(2, shared(name("x")));
        place(2, exclusive(name("y")));
        Ticket mine = place(1, exclusive(name("x")));
        Ticket younger = place(3, exclusive(name("y")));

        assertThat(graph().cycleThrough(mine)).map(WaitCycle::victim).contains(mine);
        assertThat(graph().cycleThrough(younger)).map(WaitCycle::victim).contains(younger);
    }

    @Test
    void aWaitThatEndedMeanwhileIsNoLinkThoughItsPartyWaitsForSomethingElse() {
        place(1, exclusive(name("x")));
        place(2, permits(pool("p", 2), 1));
        Ticket returned = place(3, permits(pool("p", 2), 1));
        place(4, exclusive(name("y")));
        place(1, permits(pool("p", 2), 1));
        place(1, exclusive(name("y")));
        Ticket victim = place(2, exclusive(name("x")));
        place(3, exclusive(name("x")));
        place(4, exclusive(name("x")));
        WaitCycle cycle = graph().cycleThrough(victim).orElseThrow();

        assertThat(cycle.confirmedBy(graph())).isTrue();
        live.remove(returned);
        assertThat(cycle.confirmedBy(graph())).isFalse();
    }

    @Test
    void aTicketHandedOverMeanwhileIsAnotherTicket() {
        Ticket held = place(1, exclusive(name("x")));
        place(2, exclusive(name("y")));
        place(1, exclusive(name("y")));
        Ticket victim = place(2, exclusive(name("x")));
        WaitCycle cycle = graph().cycleThrough(victim).orElseThrow();
        live.set(0, new Ticket(held.position(), 1, held.owner(), held.request(), held.wants(), held.since()));

        assertThat(cycle.confirmedBy(graph())).isFalse();
    }

    private WaitGraph graph() {
        return WaitGraph.of(live);
    }

    private Ticket place(int owner, LockRequest wants) {
        Ticket ticket = ticket(live.size() + 1, owner, wants);
        live.add(ticket);
        return ticket;
    }

    private static boolean isVictim(WaitGraph graph, Ticket ticket) {
        Optional<WaitCycle> cycle = graph.cycleThrough(ticket);
        return cycle.isPresent() && cycle.get().victim().equals(ticket);
    }
}
