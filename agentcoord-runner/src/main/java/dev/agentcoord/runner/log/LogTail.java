package dev.agentcoord.runner.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a growing log, the full one before it first, and goes on where a new one is begun. Not thread-safe. */
public final class LogTail implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;

    private final Path log;
    private InputStream open;
    private @Nullable Object key;

    private LogTail(Path log, InputStream open, @Nullable Object key) {
        this.log = log;
        this.open = open;
        this.key = key;
    }

    /** Opens the previous log if there is one, else the log. */
    public static LogTail of(Path previous, Path log) throws IOException {
        Path first = Files.exists(previous) ? previous : log;
        Object key = key(first);
        return new LogTail(log, Files.newInputStream(first), key);
    }

    /** The next bytes; none when all was read so far. */
    public byte[] read() throws IOException {
        byte[] bytes = open.readNBytes(CHUNK);
        while (bytes.length == 0 && isFinished()) {
            bytes = open.readNBytes(CHUNK); // What came before it was put aside.
            if (bytes.length == 0) {
                next();
                bytes = open.readNBytes(CHUNK);
            }
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        open.close();
    }

    private boolean isFinished() throws IOException {
        return Files.exists(log) && !Objects.equals(key, key(log));
    }

    private void next() throws IOException {
        open.close();
        key = key(log);
        open = Files.newInputStream(log);
    }

    private static @Nullable Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
}
