package dev.agentcoord.fs;

import static org.awaitility.Awaitility.await;

import dev.agentcoord.testkit.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A small JVM that is told what to do a line at a time, answers each by a line, and ends when its input does. Not thread-safe. */
final class Child implements AutoCloseable {
    private static final List<String> SMALL = List.of("-XX:CompileThresholdScaling=0.2", "-Xmx64m", "-Xss512k");
    private static final int AT_MOST_MINUTES = 20;

    private final Process process;
    private final BufferedReader out;
    private final OutputStream in;

    private Child(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.in = process.getOutputStream();
        // Whoever waits for its answer waits no longer than this.
        CompletableFuture.delayedExecutor(AT_MOST_MINUTES, TimeUnit.MINUTES).execute(process::destroyForcibly);
    }

    /** Starts a main class and does not wait for it. */
    static Child start(Class<?> main, Object... arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    /** As {@link #start(Class, Object...)}, by a command that goes before it, such as one that changes the user. */
    static Child start(List<String> before, Class<?> main, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(ChildCommand.of(SMALL, main, arguments));
        return new Child(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** For the child itself: what it is told, a line at a time. */
    static BufferedReader ownInput() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    /** For the child itself: whether it was told to stop, by a further line or because whoever started it is gone. */
    static BooleanSupplier stopOf(BufferedReader in) {
        CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> {
            try {
                in.readLine();
            } catch (IOException e) {
                // A broken input is an ended one.
            }
        });
        return stop::isDone;
    }

    /** Waits until it has joined; returns what it says of itself. */
    String awaitReady() throws IOException {
        String first = receive();
        if (!first.startsWith("ready")) {
            throw new IOException(first);
        }
        return first.substring("ready".length()).strip();
    }

    String ask(String line) throws IOException {
        send(line);
        return receive();
    }

    void send(String line) throws IOException {
        in.write((line + '\n').getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    String receive() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the child has ended");
        }
        return line;
    }

    long pid() {
        return process.pid();
    }

    void signal(String name) throws IOException {
        Signals.send(name, pid());
    }

    /** SIGSTOP; returns when it stands still, outside the section of that order file: inside it would hold up everybody. */
    void stopOutside(Path order) throws IOException, InterruptedException {
        do {
            signal("CONT");
            signal("STOP");
            await().atMost(Duration.ofMinutes(2)).until(this::standsStill);
        } while (KernelLocks.holderOf(order).equals(Optional.of(pid())));
    }

    private boolean standsStill() throws IOException {
        try (var threads = Files.list(Path.of("/proc", String.valueOf(pid()), "task"))) {
            return threads.allMatch(thread -> stateOf(thread).startsWith("T"));
        }
    }

    private static String stateOf(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.substring(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void killNow() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends its input. */
    void finish() throws IOException {
        in.close();
    }

    /** Lets it leave by itself, unless it does not. */
    @Override
    public void close() {
        try {
            finish();
        } catch (IOException e) {
            // It has ended already.
        }
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
