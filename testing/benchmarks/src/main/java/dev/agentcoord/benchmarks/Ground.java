package dev.agentcoord.benchmarks;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.fs.FsCoordinator;
import dev.agentcoord.harness.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One directory for all that is measured, with a store in it; whatever was opened here is closed here. Not thread-safe. */
final class Ground implements AutoCloseable {
    private final Path directory;
    private final List<Coordinator> opened = new ArrayList<>();

    /** A new directory below an existing one. */
    Ground(Path parent) throws IOException {
        directory = Files.createTempDirectory(parent, "agentcoord-bench-");
    }

    /** Where floors and peers work. */
    Path directory() {
        return directory;
    }

    /** The root of the store. */
    Path store() {
        try {
            return Files.createDirectories(directory.resolve("store"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new session in a space. */
    Session join(String space, String agent) {
        Coordinator coordinator = FsCoordinator.open(store(), space);
        opened.add(coordinator);
        return coordinator.join(Participant.named(agent));
    }

    @Override
    public void close() throws IOException {
        opened.forEach(Coordinator::close);
        Trees.delete(directory);
    }
}
