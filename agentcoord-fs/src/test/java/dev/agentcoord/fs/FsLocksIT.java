package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Item;
import dev.agentcoord.Liveness;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.Participant;
import dev.agentcoord.Pool;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketName;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TaskStore;
import dev.agentcoord.spi.TicketDraft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Locks as files of a store: who holds them, who is let in, and whom a dead or a forged one keeps out. */
final class FsLocksIT extends JoinedSpace {
    @Test
    void aTicketIsALinkToItsSessionsRecordAndIsGoneAfterwards() throws IOException {
        Placement placed = lock(session, "src/A.java");
        Path locks = dir.resolve("web/locks");
        assertThat(placed.verdict()).isInstanceOf(Verdict.Granted.class);
        Path record = dir.resolve("web/sessions").resolve(session.info().id().text());
        List<Path> names = names(locks);
        assertThat(names).hasSize(1);
        assertThat(names.get(0)).hasSameBinaryContentAs(record);
        assertThat(Files.getAttribute(record, "unix:nlink")).isEqualTo(2);
        assertThat(session.tickets().remove(placed.ticket())).isTrue();
        assertThat(names(locks)).isEmpty();
        assertThat(session.tickets().remove(placed.ticket())).isFalse();
    }

    @Test
    void aRequestTooLongForANameIsKeptInAFile() throws IOException {
        LockRequest wants = LockRequest.empty().reason("many files");
        for (int i = 0; i < 60; i++) {
            wants = wants.andExclusive(Item.file("src/main/java/com/example/File" + i + ".java"));
        }
        Placement placed = place(wants, true);
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            assertThat(peer.ask("lock src/main/java/com/example/File59.java")).isEqualTo("blocked");
        }
        assertThat(backend.tickets().get(0)).isEqualTo(placed.ticket());
        assertThat(names(dir.resolve("web/tmp"))).isEmpty();
    }

    @Test
    void processesExcludeEachOtherAndTheNextOneIsWoken() throws IOException {
        Placement mine = lock(session, "a");
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.send("storm a 1");
            await().until(() -> backend.tickets().size() == 2);
            session.tickets().remove(mine.ticket());
            assertThat(peer.receive()).isNotEmpty();
        }
    }

    @Test
    void noTwoOfManyGrantsOverlap() throws IOException {
        List<PeerProcess> peers = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                peers.add(new PeerProcess(dir, "web"));
            }
            peers.forEach(peer -> peer.send("storm a 200"));
            List<long[]> holds = new ArrayList<>();
            for (PeerProcess peer : peers) {
                Arrays.stream(peer.receive().trim().split(" "))
                        .map(hold -> Arrays.stream(hold.split(","))
                                .mapToLong(Long::parseLong)
                                .toArray())
                        .forEach(holds::add);
            }
            holds.sort(Comparator.comparingLong(hold -> hold[0]));
            assertThat(holds).hasSize(600);
            for (int i = 1; i < holds.size(); i++) {
                assertThat(holds.get(i)[1]).isGreaterThan(holds.get(i - 1)[2]);
            }
        } finally {
            peers.forEach(PeerProcess::close);
        }
    }

    @Test
    void aPermitOfAKilledHolderIsFreeThoughAnotherOneLives() throws IOException, InterruptedException {
        Placement mine = session.tickets().place(new TicketDraft(Peer.wants(Peer.POOL), 1, () -> {}), false);
        assertThat(mine.verdict()).isInstanceOf(Verdict.Granted.class);
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock pool");
            Peer.Waiter waiter = new Peer.Waiter();
            StoreSession next = backend.join(Participant.named("next"), new Peer.Silent());
            Placement placed = next.tickets().place(new TicketDraft(Peer.wants(Peer.POOL), 1, waiter), true);
            assertThat(placed.verdict()).isInstanceOf(Verdict.Blocked.class);
            peer.signal("KILL");
            waiter.awaitGrant(next, placed);
        }
    }

    @Test
    void aPoolIsAsLargeAsItsLivingHoldersSay() throws IOException, InterruptedException {
        LockRequest larger = LockRequest.permits(new Pool(Peer.POOL, 3), 1);
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock pool");
            assertThatThrownBy(() -> session.tickets().place(new TicketDraft(larger, 1, () -> {}), false))
                    .isInstanceOf(PoolMismatchException.class);
            peer.killNow();
            await().untilAsserted(() -> assertThat(session.tickets()
                            .place(new TicketDraft(larger, 2, () -> {}), false)
                            .verdict())
                    .isInstanceOf(Verdict.Granted.class));
        }
    }

    @Test
    void aTryMeetsADeadHolderAndTakesItsLockAtOnce() throws IOException, InterruptedException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock a");
            assertThat(tryLock("a").verdict()).isInstanceOf(Verdict.Blocked.class);
            peer.killNow();
            assertThat(tryLock("a").verdict()).isInstanceOf(Verdict.Granted.class);
        }
    }

    @Test
    void aTryThatIsBlockedLeavesNoTrace() throws IOException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock a");
            tryLock("a");
            assertThat(backend.tickets()).hasSize(1);
        }
    }

    @Test
    void aStoppedHolderIsSuspectAndKeepsItsLock() throws IOException, InterruptedException {
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            peer.ask("lock a");
            peer.signal("STOP");
            await().untilAsserted(() -> assertThat(livenessOf(peer.session())).isEqualTo(Liveness.SUSPECT));
            assertThat(tryLock("a").verdict()).isInstanceOf(Verdict.Blocked.class);
            peer.signal("CONT");
            assertThat(peer.ask("held a")).isEqualTo("null");
            assertThat(livenessOf(peer.session())).isEqualTo(Liveness.ALIVE);
        }
    }

    @Test
    void twoCoordinatorsOfOneProcessExcludeEachOther() {
        Backend other = FsCoordinator.backend(dir, "web", FsOptions.defaults());
        StoreSession second = other.join(Participant.named("second"), new Peer.Silent());
        Placement mine = lock(session, "a");
        Peer.Waiter waiter = new Peer.Waiter();
        Placement theirs = lock(second, "a", waiter);
        assertThat(theirs.verdict()).isInstanceOf(Verdict.Blocked.class);
        session.tickets().remove(mine.ticket());
        waiter.awaitGrant(second, theirs);
        other.close();
        assertThat(backend.sessions()).hasSize(1);
        assertThat(backend.tickets()).isEmpty();
    }

    @Test
    void anInterruptedThreadBreaksNoLockOfAnother() {
        Placement mine = lock(session, "a");
        Thread.currentThread().interrupt();
        Placement other = lock(session, "b");
        session.tickets().remove(other.ticket());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(session.tickets().lossOf(mine.ticket())).isNull();
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            assertThat(peer.tryLock("a")).isFalse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aWipedStoreIsAResetForThoseWhoKnewIt() throws IOException {
        Placement mine = lock(session, "a");
        TaskStore queue = session.tasks("work");
        StateStore state = session.state();
        Disk.deleteTree(dir.toFile());
        assertThat(session.tickets().lossOf(mine.ticket())).isEqualTo(LossCause.RESET);
        await().until(() -> heard.events.contains("LOST"));
        assertThatThrownBy(() -> lock(session, "a")).isInstanceOf(SessionLostException.class);
        assertThatThrownBy(queue::claim).isInstanceOf(SessionLostException.class);
        assertThatThrownBy(() -> state.list("", "", 1)).isInstanceOf(SessionLostException.class);
        Backend again = FsCoordinator.backend(dir, "web", FsOptions.defaults());
        assertThat(again.incarnation()).isGreaterThan(backend.incarnation());
        assertThat(lock(again.join(Participant.named("again"), heard), "a").verdict())
                .isInstanceOf(Verdict.Granted.class);
        again.close();
    }

    @Test
    void forgedNamesOfThePositionOfALockHideItFromNobody() throws IOException {
        lock(session, "a");
        String genuine = Stream.of(Disk.list(dir.resolve("web/locks")))
                .filter(name -> name.contains(session.info().id().text()))
                .findFirst()
                .orElseThrow();
        for (int i = 10; i < 30; i++) {
            String[] fields = genuine.split("~", -1);
            fields[3] = Integer.toString(i);
            Files.createFile(dir.resolve("web/locks").resolve(String.join("~", fields)));
        }
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            assertThat(peer.tryLock("a")).isFalse();
        }
    }

    @Test
    void aFileOfTheSameUserUnderTheNameOfATicketIsNoTicket() throws IOException {
        Ticket forged = new Ticket(
                0xfffffL,
                0,
                Owner.session(session.info().id()),
                77,
                LockRequest.exclusive(Item.file("forged")),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        Files.createFile(
                dir.resolve("web/locks").resolve(TicketName.encode(forged).orElseThrow()));
        try (PeerProcess peer = new PeerProcess(dir, "web")) {
            assertThat(peer.tryLock("forged")).isTrue();
        }
    }

    @Test
    void whatASessionWasMakingWhenItFailedIsRemovedWithIt() throws IOException {
        Files.createDirectories(dir.resolve("web/tmp")
                .resolve(session.info().id().text() + "~7")
                .resolve("0"));
        session.close();
        assertThat(Disk.list(dir.resolve("web/tmp"))).isEmpty();
        assertThat(backend.sessions()).isEmpty();
    }

    @Test
    void aSessionWhoseRecordSomebodyRemovedIsLost() throws IOException {
        Placement mine = lock(session, "a");
        Files.delete(dir.resolve("web/sessions").resolve(session.info().id().text()));

        assertThatThrownBy(() -> lock(session, "b")).isInstanceOf(SessionLostException.class);
        assertThat(heard.events).contains("LOST");
        assertThat(session.tickets().lossOf(mine.ticket())).isEqualTo(LossCause.SESSION_LOST);
    }

    @Test
    void closingASessionFreesWhatItHeldAndWakesTheNext() {
        StoreSession second = backend.join(Participant.named("second"), new Peer.Silent());
        lock(session, "a");
        Peer.Waiter waiter = new Peer.Waiter();
        Placement theirs = lock(second, "a", waiter);
        session.close();
        waiter.awaitGrant(second, theirs);
        assertThat(heard.events).containsExactly("CLOSED");
    }

    private Placement tryLock(String path) {
        return place(LockRequest.exclusive(Item.file(path)), false);
    }

    private Liveness livenessOf(String session) {
        return backend.sessions().stream()
                .filter(view -> view.info().id().text().equals(session))
                .findFirst()
                .orElseThrow()
                .liveness();
    }
}
