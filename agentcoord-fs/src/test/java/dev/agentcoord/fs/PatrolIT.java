package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.LossCause;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreEvents;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process finds out by itself, when nobody tells it. */
final class PatrolIT {
    @TempDir
    private Path root;

    private final List<Backend> opened = new ArrayList<>();
    private final List<SessionStatus> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void leave() {
        opened.forEach(Backend::close);
    }

    @Test
    void whoWaitsIsWokenThoughItsDoorbellIsGone() throws IOException {
        StoreSession session = join(FsOptions.defaults());
        AtomicInteger hints = new AtomicInteger();
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            peer.ask("lock a");
            unhang(session);
            Placement placed = waitFor(session, hints::incrementAndGet);
            assertThat(hints).hasValue(0);
            peer.ask("unlock a");
            awaitPatrol().until(() -> hints.get() > 0);
            assertThat(session.tickets().decide(placed.ticket())).isInstanceOf(Verdict.Granted.class);
        }
    }

    @Test
    void whoeverThrowsWhenItIsToldDoesNotEndThePatrol() throws IOException {
        StoreSession session = join(FsOptions.defaults());
        AtomicInteger hints = new AtomicInteger();
        try (PeerProcess peer = new PeerProcess(root, "web")) {
            peer.ask("lock a");
            unhang(session);
            waitFor(session, () -> {
                if (hints.incrementAndGet() == 1) {
                    throw new IllegalStateException("cannot take a hint");
                }
            });
            peer.ask("unlock a");
            awaitPatrol().until(() -> hints.get() > 1);
        }
    }

    @Test
    void aHeartbeatThatFailsIsToldAndLosesWhatIsHeld() throws IOException {
        StoreSession session = join(FsOptions.defaults().silence(Duration.ofSeconds(3)));
        Placement held = waitFor(session, () -> {});
        Files.delete(beside(session, ".beat"));
        awaitPatrol().until(() -> heard.equals(List.of(SessionStatus.LOST)));
        assertThat(session.tickets().lossOf(held.ticket())).isEqualTo(LossCause.SESSION_LOST);
        awaitPatrol().until(() -> opened.get(0).tickets().isEmpty());
    }

    @Test
    void aHeartbeatGoesOnAfterOneThatCouldNotEvenBeExplained() throws IOException {
        StoreSession session = join(FsOptions.defaults().silence(Duration.ofSeconds(12)));
        Path record = beside(session, "");
        Path beat = beside(session, ".beat");
        Path aside = Files.move(record, root.resolve("aside"));
        Files.writeString(record, "damaged");
        Files.delete(beat);
        awaitPatrol().until(() -> session.safeFor().compareTo(Duration.ofMillis(5500)) < 0);
        Files.move(aside, record, StandardCopyOption.ATOMIC_MOVE);
        Files.createFile(beat);
        Files.setLastModifiedTime(beat, FileTime.fromMillis(0));
        awaitPatrol().until(() -> Files.getLastModifiedTime(beat).toMillis() > 0);
        assertThat(heard).isEmpty();
    }

    private static ConditionFactory awaitPatrol() {
        return await().atMost(Duration.ofSeconds(30));
    }

    private StoreSession join(FsOptions options) {
        Backend backend = FsCoordinator.backend(root, "web", options);
        opened.add(backend);
        return backend.join(Participant.named("here"), new StoreEvents() {
            @Override
            public void status(SessionStatus status) {
                heard.add(status);
            }

            @Override
            public void lost(TicketId ticket, LossCause cause) {}
        });
    }

    private Path beside(StoreSession session, String what) {
        return root.resolve("web/sessions").resolve(session.info().id() + what);
    }

    private void unhang(StoreSession session) throws IOException {
        Path record = beside(session, "");
        Files.delete(
                Path.of(SessionRecord.read(record, Files.readAllBytes(record)).bell()));
    }

    private static Placement waitFor(StoreSession session, Runnable hint) {
        return session.tickets().place(new TicketDraft(Peer.wants("a"), 1, hint), true);
    }
}
