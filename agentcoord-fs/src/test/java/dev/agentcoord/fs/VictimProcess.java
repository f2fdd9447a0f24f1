package dev.agentcoord.fs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A {@link Victim} in a JVM of its own, for the stores in a directory. It starts by itself; whoever first asks for its thread waits until it is ready. */
final class VictimProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final PrintStream in;
    private long thread;

    /** One that has done everything before, elsewhere. */
    VictimProcess(Path dir) throws IOException {
        this(ChildCommand.of(List.of(ChildCommand.TEMPORARY), Victim.class, dir));
    }

    private VictimProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** One that has done nothing yet: for deaths at any moment, not before a certain call. */
    static VictimProcess cold(Path dir) throws IOException {
        return new VictimProcess(ChildCommand.of(List.of(), Victim.class, dir, Victim.COLD));
    }

    /** The thread that does what is asked. */
    long thread() throws IOException {
        if (thread == 0) {
            thread = Long.parseLong(String.valueOf(out.readLine()));
        }
        return thread;
    }

    /** Begins something that is never answered. */
    void begin(String line) throws IOException {
        thread();
        in.println(line);
    }

    /** The answer, or null when the process ended instead. */
    @Nullable String ask(String line) throws IOException {
        thread();
        in.println(line);
        return out.readLine();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it is gone. */
    void awaitEnd() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("the victim lives on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Kills it now. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    @Override
    public void close() {
        kill();
    }
}
