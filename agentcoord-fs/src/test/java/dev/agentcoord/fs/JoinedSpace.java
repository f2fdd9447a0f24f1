package dev.agentcoord.fs;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    final Heard heard = new Heard();
    private long request;

    @BeforeEach
    void join() {
        backend = FsCoordinator.backend(dir, "web", FsOptions.defaults());
        space = Space.open(dir, "web", FsOptions.defaults());
        session = backend.join(Participant.named("here"), heard);
    }

    @AfterEach
    void leave() {
        backend.close();
    }

    Placement place(LockRequest wants, boolean waits) {
        return place(wants, waits, () -> {});
    }

    Placement place(LockRequest wants, boolean waits, Runnable hint) {
        return place(session, wants, waits, hint);
    }

    private Placement place(StoreSession by, LockRequest wants, boolean waits, Runnable hint) {
        return by.tickets().place(new TicketDraft(wants, request++, hint), waits);
    }

    Placement lock(StoreSession by, String path) {
        return lock(by, path, () -> {});
    }

    Placement lock(StoreSession by, String path, Runnable hint) {
        return place(by, LockRequest.exclusive(Item.file(path)), true, hint);
    }

    /** What is in a directory but for further directories. */
    static List<Path> names(Path dir) throws IOException {
        try (var files = Files.list(dir)) {
            return files.filter(file -> !Files.isDirectory(file)).sorted().toList();
        }
    }
}
