package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A ticket whose file cannot be read any more although it is its session's own. */
final class DamagedBodyIT extends JoinedSpace {
    private static final LockRequest A = LockRequest.exclusive(Item.file("a"));
    private static final LockRequest B = LockRequest.exclusive(Item.file("b"));
    private static final LockRequest LONG = LockRequest.exclusive(Item.file("c".repeat(250)));

    private Path damage(Ticket ticket) throws IOException {
        Path body = space.files().path(space.files().nameOf(ticket));
        assertThat(body.toString()).endsWith("~body");
        Files.writeString(body, "garbage");
        forgetAll();
        return body;
    }

    /** So much happened meanwhile that this process lists the names again. */
    private void forgetAll() {
        IntStream.rangeClosed(0, OrderFile.RING)
                .forEach(i -> space.section().run(turn -> {
                    turn.announce(Change.Kind.NONE, "");
                    return true;
                }));
    }

    private String[] names() throws IOException {
        return space.files().list().toArray(String[]::new);
    }

    @Test
    void itsSessionClosesAndTakesItAlong() throws IOException {
        place(A, false);
        damage(place(LONG, false).ticket());

        session.close();

        assertThat(names()).isEmpty();
        assertThat(space.sessions().find(session.info().id())).isEmpty();
    }

    @Test
    void anotherSessionClosesBesideIt() throws IOException {
        Path body = damage(place(LONG, false).ticket());
        StoreSession other = backend.join(Participant.named("other"), new Peer.Silent());
        Files.createLink(
                space.files().path(space.files().nameOf(ticketOf(other))),
                space.sessions().path(other.info().id()));

        other.close();

        assertThat(names()).containsExactly(body.getFileName().toString());
        assertThat(space.sessions().find(other.info().id())).isEmpty();
    }

    /** As if it had placed it before the damage was there. */
    private Ticket ticketOf(StoreSession other) throws IOException {
        long position = space.section().run(turn -> {
            long next = turn.nextPosition();
            turn.announce(Change.Kind.NONE, "");
            return next;
        });
        return new Ticket(
                position,
                0,
                Owner.session(other.info().id()),
                0,
                B,
                other.info().joined());
    }

    @Test
    void listingsPassItOver() throws IOException {
        Ticket other = place(A, false).ticket();
        Path body = damage(place(LONG, false).ticket());

        assertThat(backend.tickets()).containsExactly(other);
        assertThat(backend.thefts(10)).isEmpty();
        assertThat(FsCoordinator.inspect(dir, "web").planted())
                .extracting(FsReport.Left::path)
                .containsExactly(body);
    }

    @Test
    void nothingIsGrantedBesideItUntilItsSessionHasClosed() throws IOException {
        Path body = damage(place(LONG, false).ticket());
        try (StoreSession other = backend.join(Participant.named("other"), new Peer.Silent())) {
            TicketDraft draft = new TicketDraft(A, 0, () -> {});

            assertThatThrownBy(() -> other.tickets().place(draft, true))
                    .isInstanceOf(CorruptRecordException.class)
                    .hasMessageContaining(body.toString());
            session.close();

            assertThat(other.tickets().place(draft, false).verdict()).isInstanceOf(Verdict.Granted.class);
        }
    }

    @Test
    void whoWaitedForItIsLetInWhenItsSessionCloses() throws IOException {
        Ticket mine = place(LONG, false).ticket();
        try (StoreSession other = backend.join(Participant.named("other"), new Peer.Silent())) {
            AtomicBoolean told = new AtomicBoolean();
            Ticket waiting = other.tickets()
                    .place(new TicketDraft(LONG, 0, () -> told.set(true)), true)
                    .ticket();
            damage(mine);
            told.set(false);

            session.close();

            await().atMost(Duration.ofSeconds(30)).untilTrue(told);
            assertThat(other.tickets().decide(waiting)).isInstanceOf(Verdict.Granted.class);
        }
    }

    @Test
    void aSessionThatDiedWithItKeepsNobodyOut() throws IOException, InterruptedException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock " + "c".repeat(250));
            Path body = Path.of(names()[0]);
            Files.writeString(space.files().path(body.toString()), "garbage");
            forgetAll();
            peer.killNow();

            assertThat(place(A, false).verdict()).isInstanceOf(Verdict.Granted.class);
            assertThat(names()).doesNotContain(body.toString());
            assertThat(space.sessions().find(new SessionId(peer.session()))).isEmpty();
        }
    }
}
