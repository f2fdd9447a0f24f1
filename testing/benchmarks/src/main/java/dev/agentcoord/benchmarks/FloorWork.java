package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The least that a queue of files does: a file is written and renamed into place, renamed to take it, and removed to end it. A durable one,
 * for one producer and one consumer, syncs the file and its directory, and renames it to end it, with that directory synced. No order, no
 * dead consumers, no waiting but polls.
 */
final class FloorWork implements WorkLine {
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final Path ready;
    private final Path claimed;
    private final Path ended;
    private final Path home;
    private final String name;
    private final boolean synced;
    private final Deque<Path> listed = new ArrayDeque<>();
    private long number;

    FloorWork(Path directory, String name, boolean synced) throws IOException {
        this.name = name;
        this.synced = synced;
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
                if (synced) {
                    file.force(true);
                }
            }
            Files.move(draft, ready.resolve(System.nanoTime() + name), StandardCopyOption.ATOMIC_MOVE);
            sync(ready);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean takeAndFinish() {
        try {
            Path mine = takeNext();
            if (mine == null) {
                return false;
            }
            Files.readAllBytes(mine);
            if (synced) {
                Files.move(mine, ended.resolve(Long.toString(number++)), StandardCopyOption.ATOMIC_MOVE);
                sync(ended);
            } else {
                Files.delete(mine);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Path takeNext() throws IOException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < end) {
            Path next = next();
            if (next == null) {
                LockSupport.parkNanos(POLL_NANOS);
                continue;
            }
            Path mine = claimed.resolve(next.getFileName());
            try {
                Files.move(next, mine, StandardCopyOption.ATOMIC_MOVE);
                return mine;
            } catch (NoSuchFileException e) {
                // Another consumer has it.
            }
        }
        return null;
    }

    /** All that is there is listed at once, and shuffled so that consumers seldom want the same. */
    private @Nullable Path next() throws IOException {
        if (listed.isEmpty()) {
            try (Stream<Path> names = Files.list(ready)) {
                List<Path> found = new ArrayList<>(names.toList());
                Collections.shuffle(found);
                listed.addAll(found);
            }
        }
        return listed.poll();
    }

    private void sync(Path directory) throws IOException {
        if (!synced) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        // It keeps nothing open.
    }
}
