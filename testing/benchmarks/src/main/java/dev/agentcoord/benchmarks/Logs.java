package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The logs of the servers beside us. */
final class Logs {
    private static final int LINES = 20;

    private Logs() {}

    /** An error that ends with what the server said last. */
    static IOException failure(String what, Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        List<String> last = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
        return new IOException(what + "; it said:\n" + String.join("\n", last));
    }
}
