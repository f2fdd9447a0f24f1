package dev.agentcoord.benchmarks;

import dev.agentcoord.harness.SmallJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Another process that takes part in a measurement, told by lines what to do; it ends when its input does. Not thread-safe. */
final class Client implements AutoCloseable {
    /** A heap as it is in a process that has run for a while: a page touched for the first time costs as much as a lock. */
    private static final List<String> USED = List.of("-Xms8m", "-Xmn4m", "-XX:+AlwaysPreTouch");

    private final Process process;
    private final BufferedReader out;

    private Client(Process process) {
        this.process = process;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    }

    static Client start(Class<?> main, List<String> arguments) throws IOException {
        return new Client(SmallJvm.start(USED, main, arguments));
    }

    void tell(String line) {
        try {
            process.getOutputStream().write((line + '\n').getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its next line; throws if it ended instead. */
    String hear() {
        try {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("a client of the benchmark ended; what it said stands above");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for one line and throws if it is another. */
    void await(String line) {
        String heard = hear();
        if (!heard.equals(line)) {
            throw new IllegalStateException("expected '" + line + "' of a client, heard '" + heard + "'");
        }
    }

    /** SIGKILL; returns the time at which it was seen to be dead. */
    long kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        return System.nanoTime();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
