package dev.agentcoord.fs;

import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A space that a session of this process has joined, for each test one; others take part as {@link PeerProcess}. */
abstract class JoinedSpace {
    @TempDir
    Path dir;

    Backend backend;
    Space space;
    StoreSession session;
    private long request;

    @BeforeEach
    void join() {
        backend = FsCoordinator.backend(dir, "web", FsOptions.defaults());
        space = Space.open(dir, "web", FsOptions.defaults());
        session = backend.join(Participant.named("here"), new Peer.Silent());
    }

    @AfterEach
    void leave() {
        backend.close();
    }

    Placement place(LockRequest wants, boolean waits) {
        return place(wants, waits, () -> {});
    }

    Placement place(LockRequest wants, boolean waits, Runnable hint) {
        return session.tickets().place(new TicketDraft(wants, request++, hint), waits);
    }
}
