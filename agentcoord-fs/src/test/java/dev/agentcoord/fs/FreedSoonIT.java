package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Participant;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** How long the dead hold up the living. */
@Isolated("what is promised within a second must not wait for other tests")
final class FreedSoonIT {
    @TempDir
    private Path root;

    @Test
    void locksOfAKilledHolderAreFreeWithinASecond() throws IOException, InterruptedException {
        try (Backend backend = FsCoordinator.backend(root, "web", FsOptions.defaults());
                PeerProcess peer = new PeerProcess(root, "web")) {
            StoreSession session = backend.join(Participant.named("here"), new Peer.Silent());
            peer.ask("lock a");
            Peer.Waiter waiter = new Peer.Waiter();
            Placement placed = session.tickets().place(new TicketDraft(Peer.wants("a"), 1, waiter), true);
            assertThat(placed.verdict()).isInstanceOf(Verdict.Blocked.class);
            peer.killNow();
            long killed = System.nanoTime();
            waiter.awaitGrant(session, placed);
            assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(Duration.ofSeconds(1));
            await().untilAsserted(() -> assertThat(Disk.list(root.resolve("web/sessions")))
                    .noneMatch(file -> file.contains(peer.session())));
        }
    }
}
