package dev.agentcoord.runner.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the launcher as a process with an environment of its own. Text stands for bytes, one character each. */
final class Launcher {

    private static final long LIMIT_SECONDS = 30;

    /** What a finished run left. */
    record Outcome(int exitCode, String out, String err) {}

    /** A run that goes on. */
    record Running(Process process, Path out, Path err) {

        Outcome outcome() throws IOException, InterruptedException {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + Files.readString(err));
            }
            return new Outcome(
                    process.exitValue(), Files.readString(out, ISO_8859_1), Files.readString(err, ISO_8859_1));
        }
    }

    private final Path file;
    private final Path work;
    private final Map<String, String> environment;

    /**
     * @param file what to run
     * @param work an existing directory: the working directory of each run and the place of its output
     */
    Launcher(Path file, Path work, Map<String, String> environment) {
        this.file = file;
        this.work = work;
        this.environment = Map.copyOf(environment);
    }

    /** The launcher of this checkout. */
    static Path ofThisRepository() {
        return Path.of(requireNonNull(System.getProperty("basedir"), "basedir"), "..", "agentcoord")
                .normalize();
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        return runWithInput("", arguments);
    }

    Outcome runWithInput(String input, String... arguments) throws IOException, InterruptedException {
        Running running = start(arguments);
        try (OutputStream stdin = running.process().getOutputStream()) {
            stdin.write(input.getBytes(ISO_8859_1));
        }
        return running.outcome();
    }

    /** Starts it with standard input left open. */
    Running start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(List.of(arguments));
        return startCommand(command);
    }

    /** Runs a shell script that finds the launcher in its first parameter. */
    Outcome runFromShell(String script) throws IOException, InterruptedException {
        Running running = startCommand(List.of("/bin/sh", "-c", script, "sh", file.toString()));
        running.process().getOutputStream().close();
        return running.outcome();
    }

    private Running startCommand(List<String> command) throws IOException {
        Path out = Files.createTempFile(work, "out", ".txt");
        Path err = Files.createTempFile(work, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Running(builder.start(), out, err);
    }
}
