package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Condition;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.Participant;
import dev.agentcoord.Write;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.spi.StateTxn;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A session lets go of a ticket by its name, and says so a little later: what others do in between, and who stays awake for it. */
final class LettingGoIT extends JoinedSpace {
    private static final LockRequest A = LockRequest.exclusive(Item.file("a"));
    private static final LockRequest POOL = Peer.wants(Peer.POOL);

    @Test
    void aTicketWhoseNameIsGoneBlocksNobodyThoughNobodySaidSo() throws IOException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock a");
            assertThat(place(false).verdict()).isInstanceOf(Verdict.Blocked.class);
            Files.delete(nameOf(onlyTicket()));
            assertThat(backend.tickets()).isEmpty();
            assertThat(place(false).verdict()).isInstanceOf(Verdict.Granted.class);
        }
    }

    @Test
    void ofSeveralHoldersOfPermitsAnyMayBeGone() throws IOException {
        place(POOL, false);
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock pool");
            Placement waiting = place(POOL, true);
            assertThat(waiting.verdict()).isInstanceOf(Verdict.Blocked.class);
            Files.delete(nameOf(((Verdict.Blocked) waiting.verdict()).by().get(1)));
            assertThat(session.tickets().decide(waiting.ticket())).isInstanceOf(Verdict.Granted.class);
        }
    }

    @Test
    void aPermitIsHeldThoughOneThatWasLetGoWasNotAnnouncedYet() throws IOException {
        place(POOL, false);
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock pool");
            Ticket gone = backend.tickets().get(1);
            Ticket next = new Ticket(gone.position() + 1, 0, gone.owner(), 7, POOL, gone.since());
            assertThat(isGranted(next)).isFalse();
            Files.delete(nameOf(gone));
            assertThat(isGranted(next)).isTrue();
        }
    }

    private boolean isGranted(Ticket ticket) {
        return space.section().run(turn -> space.book().isGranted(turn, ticket));
    }

    @Test
    void aReleaseSucceedsThoughAThiefDiedAfterItsMark() throws Exception {
        Ticket held = place(false).ticket();
        Files.writeString(space.sessions().mark(session.info().id(), held.position()), "x");
        CompletableFuture<Boolean> released = new CompletableFuture<>();
        Thread releaser = new Thread(() -> released.complete(session.tickets().remove(held)));
        space.section().run(turn -> {
            releaser.start();
            await().until(() -> !Disk.isThere(nameOf(held)));
            return space.book()
                    .removed(turn, Objects.requireNonNull(space.book().get(turn, held.position())));
        });
        assertThat(released.get()).isTrue();
    }

    @Test
    void aNameThatAnotherUserMakesInThePlaceOfATicketCountsForNothing() throws IOException {
        assumeThat(Machine.here().isRoot()).isTrue();
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock a");
            Placement waiting = place(true);
            Path name = nameOf(onlyBlocker(waiting));
            assertThat(peer.ask("unlock a")).isEqualTo("true");
            plant(name);
            assertThat(session.tickets().decide(waiting.ticket())).isInstanceOf(Verdict.Granted.class);
            Files.delete(nameOf(waiting.ticket()));
            plant(nameOf(waiting.ticket()));
            assertThat(session.tickets().lossOf(waiting.ticket())).isNotNull();
        }
    }

    private static void plant(Path name) throws IOException {
        Files.createFile(name);
        Files.setAttribute(name, "unix:uid", 12345);
    }

    @Test
    void aListingEndsHoweverManyComeAndGo() throws Exception {
        List<Thread> others = new ArrayList<>();
        AtomicBoolean enough = new AtomicBoolean();
        for (int i = 0; i < 4; i++) {
            StoreSession other = backend.join(Participant.named("other"), new Peer.Silent());
            LockRequest wants = Peer.wants("x" + i);
            others.add(new Thread(() -> {
                for (long n = 0; !enough.get(); n++) {
                    other.tickets()
                            .remove(other.tickets()
                                    .place(new TicketDraft(wants, n, () -> {}), true)
                                    .ticket());
                }
            }));
        }
        place(false);
        for (int i = 0; i < 200; i++) {
            place(true);
        }
        others.forEach(Thread::start);
        try {
            for (int i = 0; i < 20; i++) {
                List<Ticket> listed = CompletableFuture.supplyAsync(backend::tickets)
                        .orTimeout(10, TimeUnit.SECONDS)
                        .get();
                assertThat(listed).hasSizeGreaterThanOrEqualTo(201);
            }
        } finally {
            enough.set(true);
            for (Thread other : others) {
                other.join();
            }
        }
    }

    @Test
    void whoeverWaitsForATicketWhoseNameIsGoneFindsItOut() throws IOException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock a");
            CountDownLatch hinted = new CountDownLatch(1);
            Placement placed = place(A, true, hinted::countDown);
            assertThat(placed.verdict()).isInstanceOf(Verdict.Blocked.class);
            Files.delete(nameOf(onlyBlocker(placed)));
            await().until(() -> hinted.getCount() == 0);
            assertThat(session.tickets().decide(placed.ticket())).isInstanceOf(Verdict.Granted.class);
        }
    }

    @Test
    void aTicketWhoseNameIsGoneCannotBeStolen() throws IOException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock a");
            Ticket gone = onlyTicket();
            Files.delete(nameOf(gone));
            assertThatThrownBy(() -> session.tickets().steal(gone.id(), "needed"))
                    .isInstanceOf(NotHeldException.class);
            assertThat(backend.thefts(1)).isEmpty();
        }
    }

    @Test
    void aGuardedWriteUnderATicketWhoseNameIsGoneIsRefused() throws IOException {
        Placement held = place(false);
        FencingToken token = held.ticket().token(space.incarnation());
        StateTxn write = guarded(token);
        assertThat(session.state().commit(write).committed()).isTrue();
        Files.delete(nameOf(held.ticket()));
        assertThat(session.state().commit(write).committed()).isFalse();
    }

    @Test
    void aRequiredLockIsAskedForOnceMoreWhenTheWriteIsAnnounced() {
        FencingToken token = place(false).ticket().token(space.incarnation());
        AtomicInteger asked = new AtomicInteger();
        FsStateStore.Context context = new FsStateStore.Context(
                space.section()::run,
                () -> {},
                session.info().id(),
                (turn, required) -> turn.latestChange().kind() != Change.Kind.STATE || asked.incrementAndGet() > 9,
                other -> false,
                watcher -> {},
                space.writes(Durability.UNSYNCED));
        StateStore losing = new FsStateStore(space.state(), context);

        assertThat(losing.commit(guarded(token)).committed()).isFalse();
        assertThat(asked).hasPositiveValue();
        assertThat(session.state().get("k")).isEmpty();
    }

    @Test
    void whoStaysAwakeIsCertainOnceTheNameIsGone() throws IOException {
        Placement held = place(false);
        Lingering lingering = lingeringBehind(held);
        announce(Change.Kind.TICKET_ADDED, Change.Kind.SESSION_JOINED, Change.Kind.QUEUE);
        Files.delete(nameOf(held.ticket()));
        assertThat(lingering.outlasts(() -> false)).isTrue();
    }

    @Test
    void whoStaysAwakeIsNotCertainWhenALockMayHaveBecomeATasks() throws IOException {
        assertUncertainAfter(Change.Kind.TICKET_BOUND);
    }

    @Test
    void whoStaysAwakeIsNotCertainWhenSomebodyMayWriteUnderTheLock() throws IOException {
        assertUncertainAfter(Change.Kind.STATE);
    }

    private void assertUncertainAfter(Change.Kind kind) throws IOException {
        Placement held = place(false);
        Lingering lingering = lingeringBehind(held);
        announce(kind);
        Files.delete(nameOf(held.ticket()));
        assertThat(lingering.outlasts(() -> false)).isFalse();
    }

    @Test
    void whoStaysAwakeIsNotCertainWhenTheRingWasOverrun() throws IOException {
        Placement held = place(false);
        Lingering lingering = lingeringBehind(held);
        for (int i = 0; i <= OrderFile.RING; i++) {
            announce(Change.Kind.NONE);
        }
        Files.delete(nameOf(held.ticket()));
        assertThat(lingering.outlasts(() -> false)).isFalse();
    }

    @Test
    void nobodyStaysAwakeForLong() {
        Lingering lingering = lingeringBehind(place(false));
        assertThat(lingering.outlasts(() -> false)).isFalse();
        assertThat(lingering.outlasts(() -> true)).isFalse();
    }

    private Lingering lingeringBehind(Placement held) {
        long change = space.section().run(Turn::change);
        return new Lingering(space.section(), nameOf(held.ticket()), change);
    }

    private void announce(Change.Kind... kinds) {
        space.section().run(turn -> {
            for (Change.Kind kind : kinds) {
                turn.announce(kind, "x");
            }
            return kinds;
        });
    }

    private static StateTxn guarded(FencingToken token) {
        return new StateTxn(
                List.of(Condition.requireHeld(token)), List.of(Write.put("k", new byte[] {1})), List.of("k"));
    }

    private Placement place(boolean waits) {
        return place(A, waits);
    }

    private Ticket onlyTicket() {
        return backend.tickets().get(0);
    }

    private static Ticket onlyBlocker(Placement placed) {
        return ((Verdict.Blocked) placed.verdict()).by().get(0);
    }

    private Path nameOf(Ticket ticket) {
        return space.files().path(space.files().nameOf(ticket));
    }
}
