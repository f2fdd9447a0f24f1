package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import java.io.IOException;
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
            assertThat(peer.ask("lock " + A)).isNotEqualTo("blocked");
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
            other.ask("lock " + B);
            assertThat(backend.tickets()).hasSize(2);
            // Else whoever enters next finds that the latest change, the new ticket, does not agree with the names.
            space.section().run(turn -> {
                turn.announce(Change.Kind.QUEUE, "x");
                return turn;
            });
            assertThat(other.ask("list")).contains(B);
            long before = latest();
            assertThat(other.ask("unlock " + B)).isEqualTo("true");
            assertThat(latest()).isEqualTo(before);
            try (PeerProcess late = new PeerProcess(dir, "web")) {
                assertThat(late.ask("lock " + BOTH)).isEqualTo("blocked");
                List<Ticket> admitted = space.section()
                        .run(turn -> space.book()
                                .remove(
                                        turn,
                                        Objects.requireNonNull(space.book().get(turn, held.position()))));
                assertThat(admitted).extracting(ticket -> ticket.owner().id()).containsExactly(late.session());
            }
        }
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
