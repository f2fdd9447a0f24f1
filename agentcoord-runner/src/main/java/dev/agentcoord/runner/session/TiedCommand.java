package dev.agentcoord.runner.session;

import dev.agentcoord.runner.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Ties a command that another process runs under a lock of an agent's session to that lock. The command carries a variable and starts only
 * while a file is there; if that process dies before it has removed the file, the runner ends the command and only then releases the lock.
 */
public final class TiedCommand {
    private static final String VARIABLE = "AGENTCOORD_HOLD";
    /** By now it carries the variable, so that whoever removes the file finds it. */
    private static final String GATE = "[ -e \"$0\" ] || exit 4; exec \"$@\"";

    private static final Duration GRACE = Duration.ofMillis(500);

    private final String id;
    private final Path file;

    private TiedCommand(UUID id, Path runtime) {
        this.id = id.toString();
        this.file = runtime.resolve("hold-" + id);
    }

    /** A new one, in the session whose runner listens on that socket. */
    public static TiedCommand create(Path runner) {
        return new TiedCommand(UUID.randomUUID(), runner.toAbsolutePath().resolveSibling(""));
    }

    /** The one of that {@link #id}, for its runner; throws {@link Refusal} when that is none. */
    public static TiedCommand of(AgentRun run, String id) {
        try {
            return new TiedCommand(UUID.fromString(id), run.record().runtime().path());
        } catch (IllegalArgumentException e) {
            throw Refusal.usage("'" + id + "' is no command under a lock", "agentcoord lock PATH... -- COMMAND");
        }
    }

    /** Names it to its runner. */
    public String id() {
        return id;
    }

    /** By the runner: it may start from now on. */
    public void allow() throws IOException {
        Files.createFile(file);
    }

    /** How to start it. */
    public ProcessBuilder builder(List<String> command) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", GATE, file.toString()));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put(VARIABLE, id);
        return builder;
    }

    /** By whoever started it: it has ended. */
    public void ended() throws IOException {
        Files.deleteIfExists(file);
    }

    /** By the runner: ends it unless it was said to have ended; the ids of those processes that belong to somebody else and go on. */
    public Set<Long> end() throws IOException, InterruptedException {
        return Files.deleteIfExists(file) ? ProcessTree.marked(VARIABLE, id).end(GRACE) : Set.of();
    }
}
