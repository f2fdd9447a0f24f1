package dev.agentcoord.runner.control;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads one request off a connection: fields of bytes, each ended by NUL. */
final class RequestReader {
    static final String VERSION = "AC1";
    static final int MAX_FIELDS = 4_096;
    static final int MAX_BYTES = 1024 * 1024;
    /** More than any kernel hands to a program as arguments, and little beside the memory of a runner. */
    static final int MAX_REQUEST_BYTES = 8 * MAX_BYTES;

    private final ByteSource bytes;
    private int taken;

    RequestReader(ReadableByteChannel channel) {
        this.bytes = new ByteSource(channel);
    }

    /** Reads it whole, standard input included. Throws {@link MalformedRequestException} with a reason for the caller. */
    Request read() throws IOException {
        String version = field();
        if (!version.equals(VERSION)) {
            throw new MalformedRequestException("this runner speaks " + VERSION + ", not '" + version
                    + "'. Next: restart the session with the launcher's version");
        }
        int count = count(field());
        Path directory = directory(field());
        Set<String> flags = Set.copyOf(List.of(field().trim().split(" +")));
        List<String> arguments = new ArrayList<>();
        for (int i = 2; i < count; i++) {
            arguments.add(field());
        }
        return new Request(
                directory, flags, arguments, flags.contains("stdin") ? rest() : InputStream.nullInputStream());
    }

    /** Takes in what is still sent of a request that was refused: a client that cannot write it would not read why. */
    void dropRest(Duration atMost) throws IOException {
        bytes.drop(atMost);
    }

    /** Blocks until the client closes its half or the connection breaks; whatever it still sends is dropped. */
    void awaitEnd() throws IOException {
        bytes.awaitEnd();
    }

    private String field() throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int b = bytes.next(); b != 0; b = bytes.next()) {
            if (b < 0) {
                throw new EOFException();
            }
            append(read, b);
        }
        return read.toString(StandardCharsets.UTF_8);
    }

    private InputStream rest() throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        for (int b = bytes.next(); b >= 0; b = bytes.next()) {
            append(read, b);
        }
        return new ByteArrayInputStream(read.toByteArray());
    }

    private void append(ByteArrayOutputStream read, int b) throws MalformedRequestException {
        if (read.size() == MAX_BYTES) {
            throw new MalformedRequestException(
                    "more than 1 MiB in one argument or on standard input. Next: pass a path to it");
        }
        if (taken == MAX_REQUEST_BYTES) {
            throw new MalformedRequestException("more than 8 MiB in one command. Next: send it a part at a time");
        }
        taken++;
        read.write(b);
    }

    private static int count(String text) throws MalformedRequestException {
        try {
            int count = Integer.parseInt(text);
            if (count >= 3 && count <= MAX_FIELDS) {
                return count;
            }
        } catch (NumberFormatException e) {
            // The same answer as for a number out of range.
        }
        throw new MalformedRequestException("a command has at most " + (MAX_FIELDS - 2)
                + " words. Next: name a tree or a glob, or send them a part at a time");
    }

    private static Path directory(String text) throws MalformedRequestException {
        try {
            Path directory = Path.of(text);
            if (directory.isAbsolute()) {
                return directory;
            }
        } catch (InvalidPathException e) {
            // The same answer as for a relative one.
        }
        throw new MalformedRequestException("the working directory '" + text + "' is not an absolute path");
    }
}
