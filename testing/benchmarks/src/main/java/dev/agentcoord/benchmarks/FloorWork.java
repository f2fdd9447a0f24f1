package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The least that a durable queue of files does for one producer and one consumer: a file written and synced, renamed into place, its
 * directory synced; renamed to take it, renamed to end it, and that directory synced. No order, no dead consumers, no waiting but polls.
 */
final class FloorWork implements WorkLine {
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final Path ready;
    private final Path claimed;
    private final Path ended;
    private final Path home;
    private long number;

    FloorWork(Path directory, String name) throws IOException {
        home = directory.resolve(name);
        ready = Files.createDirectories(directory.resolve("ready"));
        claimed = Files.createDirectories(directory.resolve("claimed"));
        ended = Files.createDirectories(directory.resolve("ended"));
        Files.createDirectories(home);
    }

    @Override
    public void put(String payload) {
        try {
            Path draft = home.resolve("draft");
            try (FileChannel file = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                file.write(ByteBuffer.wrap(payload.getBytes(StandardCharsets.US_ASCII)));
                file.force(true);
            }
            Files.move(draft, ready.resolve(Long.toString(System.nanoTime())), StandardCopyOption.ATOMIC_MOVE);
            sync(ready);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean takeAndFinish() {
        try {
            long end = System.nanoTime() + PATIENCE_NANOS;
            Path next = first();
            while (next == null) {
                if (System.nanoTime() > end) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
                next = first();
            }
            Path mine = claimed.resolve(next.getFileName());
            Files.move(next, mine, StandardCopyOption.ATOMIC_MOVE);
            Files.readAllBytes(mine);
            Files.move(mine, ended.resolve(Long.toString(number++)), StandardCopyOption.ATOMIC_MOVE);
            sync(ended);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Path first() throws IOException {
        try (Stream<Path> names = Files.list(ready)) {
            return names.findFirst().orElse(null);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        // It keeps nothing open.
    }
}
