package dev.agentcoord.fs;

import dev.agentcoord.testkit.Requirement;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code strace} attached to one thread of a running process: it writes down the thread's calls on files, or spoils one of them. */
final class Strace implements AutoCloseable {
    /** A line of the log begins with the call's name. What the JVM itself does to its memory and its threads is left out. */
    private static final Pattern CALL = Pattern.compile("(?:\\d+ +)?(?!mmap|munmap|poll|ppoll|epoll_wait)(\\w+)\\(.*");

    private final Process process;
    private final Path log;

    private Strace(Path log, long thread, List<String> options) throws IOException {
        this.log = log;
        List<String> command = new ArrayList<>(List.of("strace", "-o", log.toString(), "-p", String.valueOf(thread)));
        command.addAll(options);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String first = said.readLine();
        if (first == null || !first.contains("attached")) {
            throw new IOException("strace: " + first);
        }
    }

    static void require() {
        Requirement.command("strace", "sudo apt-get install strace");
        Requirement.root();
    }

    static Strace recording(long thread, Path log) throws IOException {
        return new Strace(log, thread, List.of("-e", "trace=%file,%desc,%network"));
    }

    /** Kills the process right before the thread's n-th call of that name from now on. */
    static Strace killing(long thread, Path log, String call, int nth) throws IOException {
        return spoiling(thread, log, call, "signal=SIGKILL:when=" + nth);
    }

    /** Lets the n-th call of that name fail without doing anything; with a plus after the number also all that follow. */
    static Strace failing(long thread, Path log, String call, String error, String nth) throws IOException {
        return spoiling(thread, log, call, "error=" + error + ":when=" + nth);
    }

    private static Strace spoiling(long thread, Path log, String call, String how) throws IOException {
        // A call that is not traced is silently not spoiled either.
        return new Strace(log, thread, List.of("-e", "trace=" + call, "-e", "inject=" + call + ":" + how));
    }

    @Override
    public void close() throws IOException {
        letGo();
    }

    /** Leaves the thread to itself, and the log complete. */
    void letGo() throws IOException {
        try {
            process.destroy();
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** How often each call was made. */
    Map<String, Integer> counts() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
            Matcher call = CALL.matcher(line);
            if (call.matches()) {
                counts.merge(call.group(1), 1, Integer::sum);
            }
        }
        return counts;
    }

    /** What was spoiled: the line of the log, or empty when the call was not made that often. */
    String spoiled() throws IOException {
        return Files.readAllLines(log, StandardCharsets.ISO_8859_1).stream()
                .filter(line -> line.contains("(INJECTED)"))
                .findFirst()
                .orElse("");
    }
}
