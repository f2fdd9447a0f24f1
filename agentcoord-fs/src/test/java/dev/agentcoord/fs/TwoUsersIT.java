package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Intervention;
import dev.agentcoord.LossCause;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketName;
import dev.agentcoord.core.record.InterventionCodec;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.testkit.OsUsers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one user of a shared store can see of another's locks, and what the kernel and the backend keep from them. */
final class TwoUsersIT {
    private static SharedStores stores;
    private static OsUsers users;

    private Path store;
    private Layout layout;
    private Backend root;
    private PeerProcess alice;

    @BeforeAll
    static void makeUsers() throws IOException, InterruptedException {
        stores = SharedStores.of("alice", "bob");
        users = stores.users();
        users.addOutsider("eve");
    }

    @AfterAll
    static void removeUsers() throws IOException {
        if (stores != null) {
            stores.close();
        }
    }

    @BeforeEach
    void aliceHoldsA() throws IOException, InterruptedException {
        store = stores.make();
        layout = new Layout(store, "web");
        root = FsCoordinator.backend(store, "web", FsOptions.defaults());
        alice = peer("alice");
        assertThat(alice.tryLock("a")).isTrue();
    }

    @AfterEach
    void leave() {
        if (alice != null) {
            alice.close();
            root.close();
        }
    }

    @Test
    void anotherUserSeesWhoHoldsALockAndWhy() throws IOException {
        try (PeerProcess bob = peer("bob")) {
            assertThat(bob.ask("list")).isEqualTo(holder().owner() + " " + Peer.wants("a") + " " + Peer.REASON);
        }
        assertThat(root.sessions())
                .anySatisfy(seen -> assertThat(seen.info().developer()).isEqualTo(users.name("alice")));
    }

    @Test
    void anotherUserWaitsForALockAndGetsItWhenItIsReleased() throws IOException {
        try (PeerProcess bob = peer("bob")) {
            bob.send("wait a");
            await().atMost(Duration.ofMinutes(1)).until(() -> root.tickets().size() == 2);
            assertThat(alice.ask("unlock a")).isEqualTo("true");
            assertThat(bob.receive()).isEqualTo("granted");
        }
    }

    @Test
    void anotherUserCannotTouchATicketOrARecord() throws IOException, InterruptedException {
        Path mine = Files.createFile(store.resolve("mine"));
        OsUsers.must("chown", users.name("bob"), mine.toString());
        for (Path target : List.of(ticket(), layout.sessions().resolve(alice.session()))) {
            String file = target.toString();
            Map<String, Object> before = seen(target);
            refused("rm", "-f", file);
            refused("mv", "-n", file, file + "2");
            refused("mv", "-f", mine.toString(), file);
            refused("truncate", "-s", "0", file);
            refused("chmod", "666", file);
            refused("chown", users.name("bob"), file);
            assertThat(seen(target)).isEqualTo(before);
        }
        assertThat(alice.ask("held a")).isEqualTo("null");
    }

    @Test
    void anotherUserCannotForgeATicket() throws IOException, InterruptedException {
        String forged = layout.locks().resolve(nameOfAForgedTicketFor("b")).toString();
        refused("ln", layout.sessions().resolve(alice.session()).toString(), forged);
        allowed("touch", forged);
        try (PeerProcess bob = peer("bob")) {
            assertThat(bob.ask("list")).isEqualTo(Peer.list(root));
            assertThat(holder().owner().id()).isEqualTo(alice.session());
            assertThat(bob.tryLock("b")).isTrue();
        }
    }

    @Test
    void aForgedTicketThatIsALinkOrAPipeIsNotRead() throws IOException, InterruptedException {
        String name = nameOfAForgedTicketFor("b".repeat(240));
        assertThat(TicketName.needsBody(name)).isTrue();
        String forged = layout.locks().resolve(name).toString();
        for (String[] plant : new String[][] {{"mkfifo", forged}, {"ln", "-s", "/etc/passwd", forged}}) {
            allowed(plant);
            try (PeerProcess bob = peer("bob")) {
                assertThat(bob.ask("list")).isEqualTo(Peer.list(root));
                assertThat(holder().owner().id()).isEqualTo(alice.session());
            }
            allowed("rm", forged);
        }
    }

    @Test
    void aForgedTicketThatOnlyItsMakerMayReadKeepsNobodyOut() throws IOException, InterruptedException {
        String forged =
                layout.locks().resolve(nameOfAForgedTicketFor("b".repeat(240))).toString();
        allowed("touch", forged);
        allowed("chmod", "600", forged);

        try (PeerProcess later = peer("alice")) {
            assertThat(later.tryLock("b")).isTrue();
            assertThat(later.ask("list")).isEqualTo(Peer.list(root));
            assertThat(root.tickets())
                    .extracting(ticket -> ticket.owner().id())
                    .containsExactly(alice.session(), later.session());
        }
    }

    @Test
    void aLinkInThePlaceOfARecordIsRefusedByName() throws IOException, InterruptedException {
        Path link = layout.sessions().resolve(SessionId.random().text());
        allowed("ln", "-s", layout.sessions().resolve(alice.session()).toString(), link.toString());
        assertThatThrownBy(() -> root.sessions())
                .isInstanceOf(CorruptRecordException.class)
                .hasMessageContaining(link.toString());
    }

    @Test
    void aMarkOfTheftByAnotherUserDoesNotCount() throws IOException, InterruptedException {
        Path ticket = ticket();
        long position = TicketName.positionOf(ticket.getFileName().toString());
        Path mark = layout.sessions().resolve(alice.session() + ".revoked~" + position);
        allowed("touch", mark.toString());
        assertThat(alice.ask("held a")).isEqualTo("null");
        Files.delete(ticket);
        assertThat(alice.ask("held a")).isEqualTo("RESET");
    }

    @Test
    void whoAsksForALockIsWhomTheKernelNamesAndNotWhomTheQuestionNames() throws IOException, InterruptedException {
        List<Intervention> heard = new CopyOnWriteArrayList<>();
        StoreSession holder = root.join(Participant.named("holder"), new StoreEvents() {
            @Override
            public void status(SessionStatus status) {}

            @Override
            public void lost(TicketId ticket, LossCause cause) {}

            @Override
            public void releaseRequested(Intervention request) {
                heard.add(request);
            }
        });
        long position = holder.tickets()
                .place(new TicketDraft(Peer.wants("r"), 1, () -> {}), true)
                .ticket()
                .position();
        try (PeerProcess bob = peer("bob")) {
            assertThat(bob.ask("ask " + position)).isEqualTo("asked");
            await().atMost(Duration.ofMinutes(1)).until(() -> heard.size() == 1);
            assertThat(heard.get(0).developer()).isEqualTo(users.name("bob"));
            String forged = layout.asked()
                    .resolve(holder.info().id() + "~" + position + "~" + alice.session())
                    .toString();
            String text = new String(
                    Json.write(InterventionCodec.fields(new Intervention(
                            Intervention.Kind.RELEASE_REQUESTED,
                            new TicketId(position),
                            "r",
                            "holder",
                            new SessionId(alice.session()),
                            "peer",
                            users.name("alice"),
                            "forged",
                            Instant.EPOCH))),
                    StandardCharsets.UTF_8);
            allowed("sh", "-c", "printf %s \"$1\" > \"$0\"", forged, text);
            await().atMost(Duration.ofMinutes(1)).until(() -> !Files.exists(Path.of(forged)));
            assertThat(heard).hasSize(1);
        }
    }

    @Test
    void whatOthersPlantBesideARecordDoesNotKeepItsSessionFromEnding() throws IOException, InterruptedException {
        Path planted = layout.sessions().resolve(alice.session() + ".planted");
        allowed("touch", planted.toString());
        alice.close();
        assertThat(layout.sessions().resolve(alice.session())).doesNotExist();
        assertThat(planted).exists();
    }

    @Test
    void theLocksOfADeadSessionAreFreeForAnotherUserAndSweptByRoot() throws IOException, InterruptedException {
        Path ticket = ticket();
        alice.killNow();
        try (PeerProcess bob = peer("bob")) {
            assertThat(bob.tryLock("a")).isTrue();
            assertThat(Files.exists(ticket, LinkOption.NOFOLLOW_LINKS)).isTrue();
            assertThat(root.tickets()).hasSize(1);
            assertThat(ticket).doesNotExist();
            assertThat(layout.sessions().resolve(alice.session())).doesNotExist();
        }
    }

    @Test
    void theTicketsOfTheDeadAreCountedByWhoMayNotRemoveThemAndGoneOnceTheirUserLooks()
            throws IOException, InterruptedException {
        FsReport.Left left = new FsReport.Left(ticket(), users.name("alice"));
        alice.killNow();
        try (PeerProcess bob = peer("bob");
                PeerProcess again = peer("alice")) {
            assertThat(bob.ask("inspect")).isEqualTo(new FsReport(List.of(left), List.of()).toString());
            assertThat(again.ask("inspect")).isEqualTo(new FsReport(List.of(), List.of()).toString());
        }
        assertThat(left.path()).doesNotExist();
    }

    @Test
    void whatOthersPlantInTheNameOfASessionIsReportedAndKeepsNothingButItsTheftFromHappening()
            throws IOException, InterruptedException {
        Path directory = layout.sessions()
                .resolve(alice.session()
                        + ".revoked~"
                        + TicketName.positionOf(ticket().getFileName().toString()));
        Path forged = layout.locks().resolve(nameOfAForgedTicketFor("b"));
        Path mark = layout.sessions().resolve(alice.session() + ".revoked~1000");
        Path byRoot = Files.createDirectory(layout.sessions().resolve(alice.session() + ".revoked~1001"));
        Path stray = layout.sessions().resolve("stray");
        allowed("mkdir", "-p", directory.resolve("inside").toString());
        allowed("touch", forged.toString(), mark.toString(), stray.toString());

        FsReport report = FsCoordinator.inspect(store, "web");

        assertThat(report.voidTickets()).isEmpty();
        assertThat(report.planted())
                .extracting(FsReport.Left::path)
                .containsExactlyInAnyOrder(forged, directory, mark, byRoot, stray);
        assertThat(report.planted()).extracting(FsReport.Left::user).containsOnly(users.name("bob"), "root");
        assertThat(alice.ask("held a")).isEqualTo("null");
        StoreSession thief = root.join(Participant.named("thief"), new Peer.Silent());
        TicketId id = root.tickets().get(0).id();
        assertThatThrownBy(() -> thief.tickets().steal(id, "needed")).hasMessageContaining(directory.toString());
        assertThat(alice.ask("held a")).isEqualTo("null");
    }

    @Test
    void whoIsHiddenFromAnotherUserIsNotDeadForThat() throws IOException, InterruptedException {
        try (PeerProcess bob = stores.blindPeer("bob", store)) {
            assertThat(bob.tryLock("a")).isFalse();
            assertThat(alice.ask("held a")).isEqualTo("null");
            alice.killNow();
            await().during(Duration.ofSeconds(2)).atMost(Duration.ofMinutes(1)).until(() -> !bob.tryLock("a"));
            assertThat(root.tickets()).noneMatch(ticket -> ticket.owner().id().equals(alice.session()));
            assertThat(bob.tryLock("a")).isTrue();
        }
    }

    @Test
    void whoIsHiddenMayDieOfSilenceIfItChoseTo() throws IOException, InterruptedException {
        Child silent = Child.start(users.as("alice"), Puppet.class, store, "web", "silent", "silence=PT3S");
        try (PeerProcess bob = stores.blindPeer("bob", store)) {
            silent.awaitReady();
            silent.ask("hold s");
            await().during(Duration.ofSeconds(4)).atMost(Duration.ofMinutes(1)).until(() -> !bob.tryLock("s"));
            assertThat(silent.ask("check s")).isEqualTo("held");
            silent.killNow();
            await().atMost(Duration.ofMinutes(1)).until(() -> bob.tryLock("s"));
        } finally {
            silent.close();
        }
    }

    @Test
    void aUserOutsideTheGroupIsToldToJoinIt() {
        assertThatThrownBy(() -> peer("eve"))
                .hasMessageContaining(StoreUnavailableException.class.getSimpleName())
                .hasMessageContaining("join the group");
    }

    private PeerProcess peer(String who) throws IOException {
        return stores.peer(who, store);
    }

    /** The only ticket there is. */
    private Ticket holder() {
        assertThat(root.tickets()).hasSize(1);
        return root.tickets().get(0);
    }

    /** All that tells whether a file was touched. */
    private static Map<String, Object> seen(Path file) throws IOException {
        return Files.readAttributes(file, "unix:ino,mode,uid,gid,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    }

    private Path ticket() throws IOException {
        for (String name : Disk.list(layout.locks())) {
            if (!name.equals("tasks")) {
                return layout.locks().resolve(name);
            }
        }
        throw new AssertionError("no ticket");
    }

    private String nameOfAForgedTicketFor(String path) {
        Ticket real = root.tickets().get(0);
        Ticket forged = new Ticket(real.position() + 50, 0, real.owner(), 50, Peer.wants(path), real.since());
        return TicketName.encode(forged).orElseGet(() -> TicketName.encodeLong(forged));
    }

    private void refused(String... command) throws IOException, InterruptedException {
        OsUsers.Result result = users.run("bob", command);
        assertThat(result.status()).as(result.output()).isNotZero();
        assertThat(result.output()).containsAnyOf("Operation not permitted", "Permission denied");
    }

    private void allowed(String... command) throws IOException, InterruptedException {
        OsUsers.Result result = users.run("bob", command);
        assertThat(result.status()).as(result.output()).isZero();
    }
}
