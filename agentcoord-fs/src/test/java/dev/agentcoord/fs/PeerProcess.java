package dev.agentcoord.fs;

import dev.agentcoord.FencingToken;
import dev.agentcoord.testkit.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A {@link Peer} in a JVM of its own. One that has left in peace is kept for the next that is started by the same command. */
final class PeerProcess implements AutoCloseable {
    private static final Map<List<String>, Queue<Running>> IDLE = new ConcurrentHashMap<>();

    private final Running running;
    private final Queue<Running> idle;
    private final String session;
    private int unanswered;
    private boolean disturbed;
    private boolean closed;

    private record Running(Process process, BufferedReader out, PrintStream in) {
        static Running start(List<String> before) throws IOException {
            List<String> command = new ArrayList<>(before);
            command.addAll(ChildCommand.of(List.of(), Peer.class));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Running(
                    process,
                    process.inputReader(StandardCharsets.UTF_8),
                    new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8));
        }

        String receive() throws IOException {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("the peer has ended");
            }
            return line;
        }

        /** Lets it leave by itself, unless it does not. */
        void end() {
            in.close();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    PeerProcess(Path root, String space) throws IOException {
        this(List.of(), root, space);
    }

    /** Started by a command that goes before it, such as one that changes the user; throws what kept it from joining. */
    PeerProcess(List<String> before, Path root, String space) throws IOException {
        idle = IDLE.computeIfAbsent(before, command -> new ConcurrentLinkedQueue<>());
        Running kept = idle.poll();
        running = kept == null ? Running.start(before) : kept;
        String first = ask("join " + root + " " + space);
        if (!first.startsWith("ready ")) {
            running.end();
            throw new IOException(first);
        }
        session = first.substring("ready ".length());
    }

    /** Ends those of other users that are in no space. */
    static void endIdleOfOthers() {
        IDLE.forEach((before, idle) -> {
            for (Running next = before.isEmpty() ? null : idle.poll(); next != null; next = idle.poll()) {
                next.end();
            }
        });
    }

    String session() {
        return session;
    }

    long pid() {
        return running.process.pid();
    }

    String ask(String line) throws IOException {
        send(line);
        return receive();
    }

    /** Asks for a lock: whether it is granted, or others are in its way; throws what it is told instead. */
    boolean tryLock(String path) throws IOException {
        String answer = ask("lock " + path);
        if (answer.equals("blocked")) {
            return false;
        }
        FencingToken.parse(answer);
        return true;
    }

    void send(String line) {
        running.in.println(line);
        unanswered++;
    }

    String receive() throws IOException {
        String line = running.receive();
        unanswered--;
        return line;
    }

    void signal(String name) throws IOException {
        disturbed = true;
        Signals.send(name, pid());
    }

    void killNow() throws InterruptedException {
        disturbed = true;
        running.process.destroyForcibly().waitFor();
    }

    /** Lets it leave. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (disturbed || unanswered > 0) {
            running.end();
            return;
        }
        if (hasLeft()) {
            idle.add(running);
        } else {
            running.end();
        }
    }

    private boolean hasLeft() {
        try {
            return ask("leave").equals("left");
        } catch (IOException e) {
            // It has ended already.
            return false;
        }
    }
}
