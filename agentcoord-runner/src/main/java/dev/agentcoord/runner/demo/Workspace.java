package dev.agentcoord.runner.demo;

import dev.agentcoord.runner.session.Deletion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The temporary directory of one demonstration and everything that runs for it. Closing it, also by Ctrl-C, ends those processes and
 * removes the directory unless it is to be kept. Thread-safe.
 */
final class Workspace implements AutoCloseable {
    /** Longer ones leave no room for the store's sockets, whose paths have about 100 bytes: they would be made elsewhere and stay. */
    private static final int LONGEST_PARENT = 15;

    private static final int DELETE_TRIES = 20;

    private final Path directory;
    private final boolean keep;
    private final Commands commands;
    private final TaggedProcesses processes;
    private final Thread hook = new Thread(this::end, "demo-cleanup");
    private volatile boolean ended;

    private Workspace(Path directory, boolean keep) {
        this.directory = directory;
        this.keep = keep;
        this.commands = new Commands(directory);
        this.processes = new TaggedProcesses(directory);
    }

    static Workspace create(boolean keep) throws IOException {
        Path preferred = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
        Path parent = preferred.toString().length() <= LONGEST_PARENT
                ? preferred
                : Path.of("/tmp").toRealPath();
        Workspace workspace = new Workspace(Files.createTempDirectory(parent, "agentcoord-demo-"), keep);
        Runtime.getRuntime().addShutdownHook(workspace.hook);
        return workspace;
    }

    Path directory() {
        return directory;
    }

    Commands commands() {
        return commands;
    }

    TaggedProcesses processes() {
        return processes;
    }

    /** Whether it was closed, perhaps by Ctrl-C under the hands of whoever works in it. */
    boolean isEnded() {
        return ended;
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is already going down and runs the hook by itself.
        }
    }

    private synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        commands.close();
        processes.killAll();
        if (!keep) {
            delete();
        }
    }

    /** Again where a process that was about to end has still written something. */
    void delete() {
        for (int i = 0; i < DELETE_TRIES && Files.exists(directory); i++) {
            try {
                Deletion.of(directory);
            } catch (IOException e) {
                processes.killAll();
            }
        }
    }
}
