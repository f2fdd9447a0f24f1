package dev.agentcoord.runner.control;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads one request off a connection: fields of bytes, each ended by NUL. */
final class RequestReader {
    static final String VERSION = "AC1";
    static final int MAX_FIELDS = 4_096;
    static final int MAX_BYTES = 1024 * 1024;

    private final ReadableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(4 * 1024).limit(0);

    RequestReader(ReadableByteChannel channel) {
        this.channel = channel;
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
        Set<String> flags = Set.of(field().trim().split(" +"));
        List<String> arguments = new ArrayList<>();
        for (int i = 2; i < count; i++) {
            arguments.add(field());
        }
        return new Request(
                directory, flags, arguments, flags.contains("stdin") ? rest() : InputStream.nullInputStream());
    }

    /** Blocks until the client closes its half or the connection breaks; whatever it still sends is dropped. */
    void awaitEnd() throws IOException {
        do {
            buffer.clear();
        } while (channel.read(buffer) >= 0);
    }

    private String field() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = next(); b != 0; b = next()) {
            if (b < 0) {
                throw new EOFException();
            }
            append(bytes, b);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private InputStream rest() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = next(); b >= 0; b = next()) {
            append(bytes, b);
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static void append(ByteArrayOutputStream bytes, int b) throws MalformedRequestException {
        if (bytes.size() == MAX_BYTES) {
            throw new MalformedRequestException(
                    "more than 1 MiB in one argument or on standard input. Next: pass a path to it");
        }
        bytes.write(b);
    }

    private int next() throws IOException {
        while (!buffer.hasRemaining()) {
            int read = channel.read(buffer.clear());
            buffer.flip();
            if (read < 0) {
                return -1;
            }
        }
        return buffer.get() & 0xff;
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
        throw new MalformedRequestException("a request has 3 to " + MAX_FIELDS + " fields, not '" + text + "'");
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
