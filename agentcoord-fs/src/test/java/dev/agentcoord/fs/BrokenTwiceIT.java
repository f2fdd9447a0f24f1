package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two that find the same holder dead, one of them a little late. */
final class BrokenTwiceIT {
    @TempDir
    private Path root;

    @Test
    void whoProvedADeathTooLateTakesNothingFromWhoWasFaster() throws IOException, InterruptedException {
        Space space = Space.open(root, "web", FsOptions.defaults());
        try (Backend backend = FsCoordinator.backend(root, "web", FsOptions.defaults());
                PeerProcess victim = new PeerProcess(root, "web");
                PeerProcess faster = new PeerProcess(root, "web")) {
            StoreSession session = backend.join(Participant.named("here"), new Peer.Silent());
            victim.ask("lock a");
            victim.ask("lock b");
            victim.killNow();
            SessionId dead = new SessionId(victim.session());
            assertThat(space.judge().isDead(dead)).isTrue();

            assertThat(faster.tryLock("a")).isTrue();
            Placement mine = session.tickets().place(new TicketDraft(Peer.wants("b"), 1, () -> {}), true);
            space.reaper().sweep(dead);

            assertThat(mine.verdict()).isInstanceOf(Verdict.Granted.class);
            assertThat(session.tickets().lossOf(mine.ticket())).isNull();
            assertThat(faster.ask("held a")).isEqualTo("null");
            assertThat(backend.tickets()).hasSize(2);
        }
    }
}
