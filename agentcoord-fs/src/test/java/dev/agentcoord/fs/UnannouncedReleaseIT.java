package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.SessionId;
import dev.agentcoord.Write;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StateTxn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A release that nobody waits for is not announced before the next ticket: what others do who remember the ticket, or never knew it. */
final class UnannouncedReleaseIT extends JoinedSpace {
    private static final String A = "d/a";
    private static final String B = "d/b";
    private static final String BOTH = "d/";

    @Test
    void itGoesWithTheNextTicketOfItsProcess() {
        Ticket first = place(A);
        long before = latest();
        release(first);
        assertThat(latest()).isEqualTo(before);
        Ticket second = place(B);
        assertThat(since(before)).containsExactly(removed(first), added(second));
    }

    @Test
    void itGoesWithTheEndOfItsSession() {
        Ticket ticket = place(A);
        long before = latest();
        release(ticket);
        session.close();
        assertThat(since(before)).contains(removed(ticket));
    }

    @Test
    void itIsAnnouncedAtOnceWhereSomebodyWaits() throws IOException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            Ticket ticket = place(A);
            peer.send("wait " + A);
            await().until(() -> backend.tickets().size() == 2);
            long before = latest();
            release(ticket);
            assertThat(since(before)).contains(removed(ticket));
            assertThat(peer.receive()).isEqualTo("granted");
        }
    }

    @Test
    void whoeverRemembersTheTicketIsGrantedAtOnceAndSaysSo() throws IOException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            Ticket ticket = place(A);
            assertThat(peer.ask("list")).contains(A);
            release(ticket);
            long before = latest();
            assertThat(peer.tryLock(A)).isTrue();
            assertThat(since(before)).startsWith(removed(ticket)).hasSize(2);
        }
    }

    @Test
    void soManyAtOnceThatNotAllCanGoWithOneTicketAreAnnouncedAsWell() {
        List<Ticket> tickets = IntStream.range(0, 2 * OrderFile.AT_ONCE)
                .mapToObj(i -> place("x" + i))
                .toList();
        long before = latest();
        tickets.forEach(this::release);
        place(A);
        List<Change> removals = tickets.stream().map(this::removed).toList();
        assertThat(since(before)).containsAll(removals);
    }

    /** The first of two in its way was let go of before the one who waits came, who has never heard of it: only the other is in its way. */
    @Test
    void whoeverWaitsForAnotherIsLetInByThatAloneThoughItsHolderRemembersMore() throws IOException {
        Ticket held = place(A);
        try (PeerProcess other = new PeerProcess(dir, "web")) {
            letGoKnownHere(other, B);
            try (PeerProcess late = new PeerProcess(dir, "web")) {
                assertThat(late.ask("lock " + BOTH)).isEqualTo("blocked");
                assertThat(admittedBy(held)).containsExactly(late.session());
            }
        }
    }

    /** Who removes is the holder of permits only, the ghost one of a file: the waiter, who wants both, never knew of the ghost. */
    @Test
    void whoeverWaitsForPermitsAndAFileIsLetInByTheReturnOfThePermits() throws IOException {
        Ticket held = place("pool");
        place("pool");
        try (PeerProcess other = new PeerProcess(dir, "web")) {
            letGoKnownHere(other, "a");
            try (PeerProcess late = new PeerProcess(dir, "web")) {
                assertThat(late.ask("lock pool+a")).isEqualTo("blocked");
                assertThat(admittedBy(held)).containsExactly(late.session());
            }
        }
    }

    /** The ghost is a later ticket of the very session whose earlier one is removed by a third, at the same item. */
    @Test
    void whoeverWaitsForAStolenTicketIsLetInThoughItsLoserLetGoOfMoreBefore() throws IOException {
        try (PeerProcess loser = new PeerProcess(dir, "web")) {
            loser.ask("lock a");
            Ticket stolen = backend.tickets().get(0);
            letGoKnownHere(loser, "a+b");
            try (PeerProcess late = new PeerProcess(dir, "web")) {
                assertThat(late.tryLock("a")).isFalse();
                assertThat(admittedBy(stolen)).containsExactly(late.session());
            }
        }
    }

    /** Somebody else announced its removal, as a thief who came too late does, who tells nobody. */
    @Test
    void whoeverLetGoWhileAThiefAnnouncedItKnowsWhoWaits() throws IOException {
        Ticket held = place("d/a");
        try (PeerProcess other = new PeerProcess(dir, "web")) {
            letGoKnownHere(other, "d/b");
            try (PeerProcess late = new PeerProcess(dir, "web")) {
                assertThat(late.ask("lock d/")).isEqualTo("blocked");
                space.section().run(turn -> {
                    assertThat(space.book().get(turn, held.position())).isNotNull();
                    turn.announce(Change.Kind.TICKET_REMOVED, space.files().nameOf(held));
                    return Disk.unlink(space.book().path(held));
                });
                // As Removal does for one that somebody else announced.
                List<Ticket> admitted = space.section().run(turn -> {
                    assertThat(space.book().get(turn, held.position())).isNull();
                    return space.book().admittedBy(turn, held);
                });
                assertThat(admitted).extracting(ticket -> ticket.owner().id()).containsExactly(late.session());
            }
        }
    }

    /** A process ends without a word after it let go, and a third that came later, and so never knew, clears away its session. */
    @Test
    void ofASessionThatHasEndedNothingIsRemembered() throws Exception {
        List<Owner> ended = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (PeerProcess mortal = new PeerProcess(dir, "web")) {
                for (int n = 0; n < 7; n++) {
                    mortal.ask("lock x" + i + "-" + n);
                }
                // As for a request of its own; unlike a listing, it does not look for the names.
                space.section().run(turn -> space.book().all(turn));
                for (int n = 0; n < 7; n++) {
                    mortal.ask("unlock x" + i + "-" + n);
                }
                ended.add(Owner.session(new SessionId(mortal.session())));
                mortal.killNow();
            }
            try (PeerProcess fresh = new PeerProcess(dir, "web")) {
                assertThat(fresh.ask("sessions")).isEqualTo("2");
            }
        }
        List<Integer> left = new ArrayList<>();
        for (Owner owner : ended) {
            left.add(space.section().run(turn -> space.book().of(turn, owner)).size());
        }
        assertThat(left).containsOnly(0);
    }

    /** How many calls a release costs is seen by whether it enters: here something else was changed since the ticket was placed. */
    @Test
    void aReleaseThatNobodyWaitsForEntersNoSectionThoughTheStateWasWritten() {
        Ticket held = place("a");
        session.state().commit(new StateTxn(List.of(), List.of(Write.put("k", new byte[] {1})), List.of("k")));
        long before = latest();
        assertThat(session.tickets().remove(held)).isTrue();
        assertThat(latest()).isEqualTo(before);
    }

    /** Takes and lets go of it in another process, this one having seen it, and without a word about it. */
    private void letGoKnownHere(PeerProcess other, String what) throws IOException {
        int before = backend.tickets().size();
        other.ask("lock " + what);
        assertThat(backend.tickets()).hasSize(before + 1);
        // Else whoever enters next finds that the latest change, the new ticket, does not agree with the names.
        space.section().run(turn -> {
            turn.announce(Change.Kind.QUEUE, "x");
            return turn;
        });
        other.ask("list");
        long latest = latest();
        assertThat(other.ask("unlock " + what)).isEqualTo("true");
        assertThat(latest()).isEqualTo(latest);
    }

    private List<String> admittedBy(Ticket removed) {
        List<Ticket> admitted = space.section()
                .run(turn -> space.book()
                        .remove(turn, Objects.requireNonNull(space.book().get(turn, removed.position()))));
        return admitted.stream().map(ticket -> ticket.owner().id()).toList();
    }

    private Ticket place(String path) {
        Placement placed = place(Peer.wants(path), false);
        assertThat(placed.verdict()).isInstanceOf(Verdict.Granted.class);
        return placed.ticket();
    }

    private void release(Ticket ticket) {
        assertThat(session.tickets().remove(ticket)).isTrue();
    }

    private long latest() {
        return space.section().run(Turn::change);
    }

    private List<Change> since(long number) {
        return space.section().run(turn -> Objects.requireNonNull(turn.since(number)));
    }

    private Change removed(Ticket ticket) {
        return new Change(Change.Kind.TICKET_REMOVED, space.files().nameOf(ticket));
    }

    private Change added(Ticket ticket) {
        return new Change(Change.Kind.TICKET_ADDED, space.files().nameOf(ticket));
    }
}
