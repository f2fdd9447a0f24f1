package dev.agentcoord.harness;

import dev.agentcoord.ensemble.Place;
import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Life;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One life of an agent: a JVM of its own, small, and what was done to it. Signals may come from any thread, the rest from one. */
final class AgentProcess {
    private static final int SIGKILLED = 128 + 9;

    private final AgentArguments arguments;
    private final Process process;
    private long aliveUntil = Call.NEVER;
    private long deadSince = Call.NEVER;
    private boolean stopped;

    private AgentProcess(AgentArguments arguments, Process process) {
        this.arguments = arguments;
        this.process = process;
    }

    /** Starts a JVM with this one's class path; what it says goes to the standard error of this one. */
    static AgentProcess start(Place place, Class<?> main, AgentArguments arguments) throws IOException {
        Process process = SmallJvm.start(place, main, arguments.words());
        return new AgentProcess(arguments, process);
    }

    /** Waits until it has joined; throws if it ends instead. */
    void awaitReady() throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        if (!"ready".equals(out.readLine())) {
            throw new IOException("agent " + arguments.name() + " did not start; what it said stands above");
        }
    }

    /** Lets it work, at once or as soon as it is ready. */
    void go() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** SIGKILL, and waits for the death. */
    synchronized void kill() throws InterruptedException {
        stopped = false;
        aliveUntil = System.nanoTime();
        boolean running = process.isAlive();
        process.destroyForcibly();
        process.waitFor();
        if (running && process.exitValue() == SIGKILLED) {
            deadSince = System.nanoTime();
        } else {
            aliveUntil = Call.NEVER;
        }
    }

    /** SIGSTOP. */
    synchronized void stop() throws IOException, InterruptedException {
        stopped = true;
        signal("STOP");
    }

    /** SIGCONT. */
    synchronized void carryOn() throws IOException, InterruptedException {
        if (stopped) {
            stopped = false;
            signal("CONT");
        }
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    /** Asks it to end; returns at once. */
    void finish() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
    }

    /** Whether it ended well after {@link #finish}, or was killed on purpose; ends it if it does not. */
    boolean endedWell(int seconds) throws InterruptedException {
        if (deadSince != Call.NEVER) {
            return true;
        }
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            kill();
            return false;
        }
        return process.exitValue() == 0;
    }

    /** Ends it however it stands. */
    void destroy() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Its sessions, as many as have written an account of themselves: to all but the last nobody did anything. */
    Map<Life, Path> lives() {
        Map<Life, Path> lives = new LinkedHashMap<>();
        AgentArguments session = arguments;
        for (int next = 1; Files.exists(session.history()); next++) {
            AgentArguments later = arguments.ofSession(next);
            boolean isLast = !Files.exists(later.history());
            lives.put(
                    isLast ? new Life(session.name(), aliveUntil, deadSince) : Life.ended(session.name()),
                    session.history());
            session = later;
        }
        return lives;
    }

    String name() {
        return arguments.name();
    }

    private void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(process.pid()))
                .redirectError(Redirect.DISCARD)
                .start()
                .waitFor();
        if (code != 0 && process.isAlive()) {
            throw new UncheckedIOException(new IOException("kill -" + name + " " + process.pid() + " failed"));
        }
    }
}
