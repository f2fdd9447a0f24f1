package dev.agentcoord.zk;

import dev.agentcoord.ensemble.JavaCommand;
import dev.agentcoord.testkit.Signals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A {@link Holder} in a JVM of its own. */
final class HolderProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;

    private HolderProcess(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static HolderProcess start(String connect, Duration ttl, int sessions) throws IOException {
        List<String> command = JavaCommand.of(List.of("-Xmx128m"), Holder.class.getName());
        command.addAll(List.of(connect, ttl.toString(), String.valueOf(sessions)));
        return new HolderProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Says something and waits for the answer. */
    String ask(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        // Libraries may have something to say as well.
        for (String answer = out.readLine(); answer != null; answer = out.readLine()) {
            if (answer.startsWith("> ")) {
                return answer.substring(2);
            }
        }
        throw new AssertionError("the holder ended instead of answering '" + line + "'");
    }

    void signal(String name) throws IOException {
        Signals.send(name, process.pid());
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
