package dev.agentcoord.runner.demo;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Starts the processes of one demonstration. Their environment names its directory, by which they and their children are found again,
 * and nothing that belongs to a repository, terminal or session of the caller. Thread-safe.
 */
final class Commands {
    private final Path directory;
    private boolean closed;

    Commands(Path directory) {
        this.directory = directory;
    }

    /** Runs a command to its end and returns its output, byte for character; throws when its exit code is not 0. */
    String output(Path workingDirectory, List<String> command) throws IOException, InterruptedException {
        Process process = start(prepare(workingDirectory, command));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + code + ": " + lastError());
        }
        return output;
    }

    /** Starts a command whose output goes to the errors. */
    Process start(Path workingDirectory, List<String> command) throws IOException {
        return start(prepare(workingDirectory, command).redirectOutput(toErrors()));
    }

    /** Starts nothing from now on. */
    synchronized void close() {
        closed = true;
    }

    private synchronized Process start(ProcessBuilder prepared) throws IOException {
        if (closed) {
            throw new IOException("the demo is being ended");
        }
        return prepared.start();
    }

    private ProcessBuilder prepare(Path workingDirectory, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectError(toErrors());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(Commands::belongsElsewhere);
        environment.put("GIT_OPTIONAL_LOCKS", "0");
        environment.put("XDG_RUNTIME_DIR", directory.toString());
        environment.put("XDG_STATE_HOME", directory.toString());
        return builder;
    }

    /** The last line that any command wrote to its standard error. */
    String lastError() throws IOException {
        List<String> lines = Files.readAllLines(errors(), StandardCharsets.ISO_8859_1);
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    private Redirect toErrors() {
        return Redirect.appendTo(errors().toFile());
    }

    private Path errors() {
        return directory.resolve("errors.log");
    }

    private static boolean belongsElsewhere(String name) {
        return name.startsWith("GIT_")
                || name.startsWith("TMUX")
                || (name.startsWith("AGENTCOORD_") && !name.equals("AGENTCOORD_LIB"));
    }
}
