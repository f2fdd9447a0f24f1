package dev.agentcoord.fs;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A holder's own file, in which it writes down each of its grants. Not thread-safe. */
final class Account implements AutoCloseable {
    private final BufferedWriter out;

    Account(Path file) throws IOException {
        out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII);
    }

    void write(Hold hold) throws IOException {
        out.write(hold.line());
        out.newLine();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
