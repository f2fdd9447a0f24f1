package dev.agentcoord.fs;

import dev.agentcoord.testkit.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link Peer} in a JVM of its own. */
final class PeerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final PrintStream in;
    private final String session;

    PeerProcess(Path root, String space) throws IOException {
        this(List.of(), ChildClasses.here(), root, space);
    }

    /** Started by a command that goes before it, such as one that changes the user; throws what kept it from joining. */
    PeerProcess(List<String> before, ChildClasses classes, Path root, String space) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(classes.command(List.of(), Peer.class, root, space));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        String first = receive();
        if (!first.startsWith("ready ")) {
            throw new IOException(first);
        }
        session = first.substring("ready ".length());
    }

    String session() {
        return session;
    }

    long pid() {
        return process.pid();
    }

    String ask(String line) throws IOException {
        send(line);
        return receive();
    }

    void send(String line) {
        in.println(line);
    }

    String receive() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the peer has ended");
        }
        return line;
    }

    void signal(String name) throws IOException {
        Signals.send(name, pid());
    }

    void killNow() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it leave by itself, unless it does not. */
    @Override
    public void close() {
        in.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
