package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Intervention;
import dev.agentcoord.Item;
import dev.agentcoord.LimitExceededException;
import dev.agentcoord.Liveness;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.Participant;
import dev.agentcoord.Pool;
import dev.agentcoord.PoolMismatchException;
import dev.agentcoord.SessionLostException;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketName;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StateStore;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TaskStore;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.spi.TicketStore;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FsLocksIT {
    @TempDir
    private Path dir;

    private Path root;
    private Backend backend;
    private StoreSession session;
    private final Heard heard = new Heard();
    private long request;

    @BeforeEach
    void join() {
        root = dir.resolve("store");
        backend = FsCoordinator.backend(root, "web", FsOptions.defaults());
        session = backend.join(Participant.named("here"), heard);
    }

    @AfterEach
    void leave() {
        backend.close();
    }

    @Test
    void aTicketIsALinkToItsSessionsRecordAndIsGoneAfterwards() throws IOException {
        Placement placed = lock(session, "src/A.java");
        Path locks = root.resolve("web/locks");
        assertThat(placed.verdict()).isInstanceOf(Verdict.Granted.class);
        Path record = root.resolve("web/sessions").resolve(session.info().id().text());
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
        Placement placed = session.tickets().place(new TicketDraft(wants, request++, () -> {}), true);
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            assertThat(peer.ask("lock src/main/java/com/example/File59.java")).isEqualTo("blocked");
        }
        assertThat(backend.tickets().get(0)).isEqualTo(placed.ticket());
        assertThat(names(root.resolve("web/tmp"))).isEmpty();
    }

    @Test
    void processesExcludeEachOtherAndTheNextOneIsWoken() throws IOException {
        Placement mine = lock(session, "a");
        try (PeerProcess peer = new PeerProcess(root, "web")) {
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
                peers.add(new PeerProcess(root, "web"));
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
        try (PeerProcess peer = new PeerProcess(root, "web")) {
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
        try (PeerProcess peer = new PeerProcess(root, "web")) {
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
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            peer.ask("lock a");
            assertThat(tryLock("a").verdict()).isInstanceOf(Verdict.Blocked.class);
            peer.killNow();
            assertThat(tryLock("a").verdict()).isInstanceOf(Verdict.Granted.class);
        }
    }

    @Test
    void aTryThatIsBlockedLeavesNoTrace() throws IOException {
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            peer.ask("lock a");
            tryLock("a");
            assertThat(backend.tickets()).hasSize(1);
        }
    }

    @Test
    void aStoppedHolderIsSuspectAndKeepsItsLock() throws IOException, InterruptedException {
        try (PeerProcess peer = new PeerProcess(root, "web")) {
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
    void aStolenLockIsLostToItsHolderBeforeItIsGranted() throws IOException {
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            String token = peer.ask("lock a");
            TicketId ticket = backend.tickets().get(0).id();
            session.tickets().steal(ticket, "its agent is stuck");
            assertThat(peer.ask("held a")).isEqualTo("STOLEN");
            Placement mine = lock(session, "a");
            assertThat(((Verdict.Granted) mine.verdict()).token().toString()).isGreaterThan(token);
            assertThat(peer.ask("unlock a")).isEqualTo("false");
            assertThat(session.tickets().lossOf(mine.ticket())).isNull();
        }
    }

    @Test
    void aHolderHearsThatItsLockWasStolen() {
        StoreSession thief = backend.join(Participant.named("thief"), new Peer.Silent());
        Placement mine = lock(session, "a");
        thief.tickets().steal(mine.ticket().id(), "needed");
        await().untilAsserted(() ->
                assertThat(heard.events).containsExactly(mine.ticket().id() + " STOLEN"));
        assertThat(session.tickets().lossOf(mine.ticket())).isEqualTo(LossCause.STOLEN);
    }

    @Test
    void aTheftIsToldToItsLoserAndRememberedWhenBothHaveLeft() {
        StoreSession thief = backend.join(Participant.named("thief"), new Peer.Silent());
        Placement mine = lock(session, "a");
        thief.tickets().steal(mine.ticket().id(), "needed");
        assertThat(session.tickets().theftOf(mine.ticket()))
                .hasToString("by thief of user " + thief.info().developer() + ": needed");
        thief.close();
        session.close();
        assertThat(backend.thefts(10)).extracting(Intervention::holder).containsExactly("here");
        assertThat(Files.exists(root.resolve("web/sessions")
                        .resolve(session.info().id() + ".revoked~"
                                + mine.ticket().position())))
                .isFalse();
    }

    @Test
    void aSpaceRemembersSoManyTheftsAndNoMore() throws IOException {
        StoreSession thief = backend.join(Participant.named("thief"), new Peer.Silent());
        for (int i = 0; i < Limits.THEFTS + 5; i++) {
            thief.tickets().steal(lock(session, "a").ticket().id(), "theft " + i);
        }
        assertThat(names(root.resolve("web/thefts"))).hasSize(Limits.THEFTS);
        assertThat(backend.thefts(2))
                .extracting(Intervention::reason)
                .containsExactly("theft " + (Limits.THEFTS + 4), "theft " + (Limits.THEFTS + 3));
    }

    @Test
    void aTheftThatWasRecordedButDidNotHappenIsNotListed() throws IOException {
        Placement mine = lock(session, "a");
        StoreSession thief = backend.join(Participant.named("thief"), new Peer.Silent());
        thief.tickets().steal(lock(session, "b").ticket().id(), "needed");
        Path log = names(root.resolve("web/thefts")).get(0);
        String interrupted = mine.ticket().position() + "~" + thief.info().id();
        Files.writeString(
                root.resolve("web/thefts").resolve(interrupted),
                Files.readString(log)
                        .replaceFirst(
                                "\"ticket\":[0-9]+",
                                "\"ticket\":" + mine.ticket().position()));
        assertThat(backend.thefts(10)).hasSize(1);
        session.tickets().remove(mine.ticket());
        assertThat(backend.thefts(10)).hasSize(2);
    }

    @Test
    void aHolderHearsWhichProcessAsksForItsLock() throws IOException {
        Placement mine = lock(session, "a");
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            assertThat(peer.ask("ask " + mine.ticket().position())).isEqualTo("asked");
            await().untilAsserted(() -> assertThat(heard.events)
                    .containsExactly(mine.ticket().id() + " by peer of user "
                            + session.info().developer() + ": " + Peer.REASON));
            assertThat(session.tickets().lossOf(mine.ticket())).isNull();
        }
        assertThat(names(root.resolve("web/asked"))).isEmpty();
    }

    @Test
    void onlySoManyQuestionsStandBeforeAHolderAndGoWithIt() throws IOException, InterruptedException {
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            peer.ask("lock a");
            peer.signal("STOP");
            TicketId ticket = backend.tickets().get(0).id();
            for (int i = 0; i < Limits.RELEASE_REQUESTS; i++) {
                asker().tickets().requestRelease(ticket, "please");
            }
            TicketStore late = asker().tickets();
            assertThatThrownBy(() -> late.requestRelease(ticket, "please")).isInstanceOf(LimitExceededException.class);
            peer.killNow();
            assertThat(backend.tickets()).isEmpty();
            assertThat(names(root.resolve("web/asked"))).isEmpty();
        }
    }

    @Test
    void aQuestionToASessionThatIsNoMoreGoesWithTheNextLook() throws IOException {
        Path toNobody = Files.writeString(root.resolve("web/asked/0000000000000000000000000~7~x"), "left behind");
        Path toOne =
                Files.writeString(root.resolve("web/asked/" + session.info().id() + "~7~x"), "stands");
        backend.sessions();
        assertThat(toNobody).doesNotExist();
        assertThat(toOne).exists();
    }

    @Test
    void aSpaceMadeBeforeTheftsWereRememberedGetsAPlaceForThem() throws IOException {
        Files.delete(root.resolve("web/thefts"));
        Files.delete(root.resolve("web/asked"));
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            assertThat(peer.ask("lock a")).isNotEqualTo("blocked");
        }
        assertThat(root.resolve("web/thefts")).isDirectory();
        assertThat(root.resolve("web/asked")).isDirectory();
    }

    @Test
    void twoCoordinatorsOfOneProcessExcludeEachOther() {
        Backend other = FsCoordinator.backend(root, "web", FsOptions.defaults());
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
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            assertThat(peer.ask("lock a")).isEqualTo("blocked");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aWipedStoreIsAResetForThoseWhoKnewIt() throws IOException {
        Placement mine = lock(session, "a");
        TaskStore queue = session.tasks("work");
        StateStore state = session.state();
        Disk.deleteTree(root.toFile());
        assertThat(session.tickets().lossOf(mine.ticket())).isEqualTo(LossCause.RESET);
        await().until(() -> heard.events.contains("LOST"));
        assertThatThrownBy(() -> lock(session, "a")).isInstanceOf(SessionLostException.class);
        assertThatThrownBy(queue::claim).isInstanceOf(SessionLostException.class);
        assertThatThrownBy(() -> state.list("", "", 1)).isInstanceOf(SessionLostException.class);
        Backend again = FsCoordinator.backend(root, "web", FsOptions.defaults());
        assertThat(again.incarnation()).isGreaterThan(backend.incarnation());
        assertThat(lock(again.join(Participant.named("again"), heard), "a").verdict())
                .isInstanceOf(Verdict.Granted.class);
        again.close();
    }

    @Test
    void forgedNamesOfThePositionOfALockHideItFromNobody() throws IOException {
        lock(session, "a");
        String genuine = Stream.of(Disk.list(root.resolve("web/locks")))
                .filter(name -> name.contains(session.info().id().text()))
                .findFirst()
                .orElseThrow();
        for (int i = 10; i < 30; i++) {
            String[] fields = genuine.split("~", -1);
            fields[3] = Integer.toString(i);
            Files.createFile(root.resolve("web/locks").resolve(String.join("~", fields)));
        }
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            assertThat(peer.ask("lock a")).isEqualTo("blocked");
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
                root.resolve("web/locks").resolve(TicketName.encode(forged).orElseThrow()));
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            assertThat(peer.ask("lock forged")).isNotEqualTo("blocked");
        }
    }

    @Test
    void whatASessionWasMakingWhenItFailedIsRemovedWithIt() throws IOException {
        Files.createDirectories(root.resolve("web/tmp")
                .resolve(session.info().id().text() + "~7")
                .resolve("0"));
        session.close();
        assertThat(Disk.list(root.resolve("web/tmp"))).isEmpty();
        assertThat(backend.sessions()).isEmpty();
    }

    @Test
    void aSessionWhoseRecordSomebodyRemovedIsLost() throws IOException {
        Placement mine = lock(session, "a");
        Files.delete(root.resolve("web/sessions").resolve(session.info().id().text()));

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

    private StoreSession asker() {
        return backend.join(Participant.named("asker"), new Peer.Silent());
    }

    private Placement tryLock(String path) {
        return session.tickets()
                .place(new TicketDraft(LockRequest.exclusive(Item.file(path)), request++, () -> {}), false);
    }

    private Placement lock(StoreSession by, String path) {
        return lock(by, path, () -> {});
    }

    private Placement lock(StoreSession by, String path, Runnable hint) {
        return by.tickets().place(new TicketDraft(LockRequest.exclusive(Item.file(path)), request++, hint), true);
    }

    private Liveness livenessOf(String session) {
        return backend.sessions().stream()
                .filter(view -> view.info().id().text().equals(session))
                .findFirst()
                .orElseThrow()
                .liveness();
    }

    private static List<Path> names(Path dir) throws IOException {
        try (var files = Files.list(dir)) {
            return files.filter(file -> !Files.isDirectory(file)).sorted().toList();
        }
    }

    /** Remembers what it was told. */
    private static final class Heard implements StoreEvents {
        final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void status(SessionStatus status) {
            events.add(status.name());
        }

        @Override
        public void lost(TicketId ticket, LossCause cause) {
            events.add(ticket + " " + cause);
        }

        @Override
        public void releaseRequested(Intervention request) {
            events.add(request.ticket() + " " + request);
        }
    }
}
