package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What has been promised to last, one record for each change, in the order of the section: after a power cut the first who enters does
 * again what is missing. So a change is on the disk with one {@code fdatasync} of a file of fixed size, where its files and names would
 * take several commits of the file system's journal. Two files take turns: once one is full, whoever turned to the other has the whole file
 * system synced, after which the first is free. Write-ahead logging as in ARIES (Mohan et al., 1992), redo only. Used inside the section, but where it
 * says otherwise.
 */
final class WriteAheadLog {
    /** Writes of one process that wait for the disk, after which the log is worth its space. */
    static final int OFTEN = 32;

    private static final int FILES = 2;

    private final Path dir;
    private final Path tmp;
    private final Flush flush;
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicReference<@Nullable Thread> busy = new AtomicReference<>();
    private final List<LogSegment> segments = new ArrayList<>();
    private int current;
    private LogSegment.@Nullable Use use;
    private int tail;
    private LogSegment.@Nullable Found latest;
    private volatile boolean hasOld;
    private volatile boolean isKnown;

    /** Of the space of that layout, where it may have been made already. */
    WriteAheadLog(Layout layout, Flush flush) {
        this.dir = layout.log();
        this.tmp = layout.tmp();
        this.flush = flush;
    }

    /** Puts all that this file system holds in memory onto the disk. */
    @FunctionalInterface
    interface Flush {
        /** Does it. */
        void run(Path dir) throws IOException;
    }

    /** A full file. */
    private record Old(Path path, LogSegment.Use use) {}

    private Path path(int index) {
        return dir.resolve(Integer.toString(index));
    }

    /**
     * Before something is to be put onto the disk: has the file dealt with that this process filled, and the log made where it is worth it,
     * both aside. Outside the section.
     */
    void prepare(Section.Entrance section) {
        if (hasOld) {
            aside(() -> makeRoom(section));
        }
        if (writes.get() < OFTEN && writes.incrementAndGet() == OFTEN) {
            aside(() -> {
                if (!section.run(turn -> isThere())) {
                    make();
                }
            });
        }
    }

    /** What nobody has to wait for. */
    private interface Aside {
        void run() throws IOException;
    }

    /** Where that fails there is no log, which costs time, or whoever needs the room makes it, and is told why that cannot be done. */
    private void aside(Aside work) {
        Thread thread = new Thread(() -> runQuietly(work), "agentcoord-log");
        if (busy.compareAndSet(null, thread)) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Waits until nothing is done aside any more, whether or not the thread is interrupted meanwhile. */
    void awaitAside() {
        Thread thread = busy.get();
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void runQuietly(Aside work) {
        try {
            work.run();
        } catch (IOException | CoordinationException e) {
            return;
        } finally {
            busy.set(null);
        }
    }

    /** Makes it, unless somebody else does. Outside the section. */
    void make() throws IOException {
        flush.run(QueueLayout.parent(dir));
        Disk.ensureDirectory(dir, Layout.OWNED_DIR);
        for (int i = FILES - 1; i >= 0; i--) {
            Path draft = tmp.resolve(Maker.self().mark("log" + i));
            LogSegment.make(draft);
            try {
                Files.createLink(path(i), draft);
            } catch (FileAlreadyExistsException e) {
                // Somebody else's is as good.
            } finally {
                Disk.discard(draft);
            }
        }
        Disk.sync(dir);
        Disk.sync(QueueLayout.parent(dir));
    }

    /** Whether its first file is there, whatever that is. Anywhere. */
    boolean isMade() {
        return path(0).toFile().exists();
    }

    /** Whether anybody has made it: the first of its files comes last. */
    boolean isThere() throws IOException {
        if (!segments.isEmpty()) {
            return true;
        }
        if (isMade() && Disk.isDirectory(dir) && LogSegment.isOne(path(0)) && LogSegment.isOne(path(1))) {
            open();
        }
        return !segments.isEmpty();
    }

    /** The same, for who is outside. */
    boolean isThere(Section.Entrance section) {
        return isKnown || (isMade() && section.run(turn -> isThere()));
    }

    private void open() throws IOException {
        LogSegment first = new LogSegment(path(0));
        try {
            segments.addAll(List.of(first, new LogSegment(path(1))));
            isKnown = true;
        } catch (IOException e) {
            first.close();
            throw e;
        }
    }

    private LogSegment.Use catchUp() throws IOException {
        if (!segments.get(current).isInPlace()) {
            throw new StoreUnavailableException(
                    dir, dir + " was wiped or replaced; end all agents of the space and start them anew", null);
        }
        LogSegment.Use now = use;
        if (now == null || !segments.get(current).use().equals(now)) {
            now = findOpen();
        }
        LogSegment segment = segments.get(current);
        for (LogSegment.Found next = segment.at(tail, now); next != null; next = segment.at(tail, now)) {
            latest = next;
            tail = next.next();
        }
        return now;
    }

    /** Where none is open somebody died while he turned to the other, or all was done again after a power cut. */
    private LogSegment.Use findOpen() throws IOException {
        LogSegment.Use first = segments.get(0).use();
        LogSegment.Use second = segments.get(1).use();
        LogSegment.Use open;
        if (first.state() == LogSegment.State.OPEN || second.state() == LogSegment.State.OPEN) {
            current = first.state() == LogSegment.State.OPEN ? 0 : 1;
            open = current == 0 ? first : second;
        } else {
            current = first.state() == LogSegment.State.FREE ? 0 : 1;
            open = LogSegment.Use.begin(Math.max(first.epoch(), second.epoch()) + 1);
            // Else a power cut could leave it as it was before, with records of both uses.
            segments.get(current).sync();
            segments.get(current).use(open);
        }
        use = open;
        tail = LogSegment.START;
        latest = null;
        return open;
    }

    /** The latest record, or null where the file in use has none. */
    byte @Nullable [] latest() throws IOException {
        catchUp();
        return latest == null ? null : latest.content();
    }

    /**
     * The epoch in which a record of that length would be written now. Where both files are full, as after the death of whoever was to deal
     * with the older one, that is done here, and everybody waits.
     */
    long epochFor(int length) throws IOException {
        LogSegment.Use now = catchUp();
        if (LogSegment.fits(tail, length)) {
            return now.epoch();
        }
        Old old = old();
        if (old != null) {
            flush.run(dir);
            free(old);
        }
        segments.get(current).use(now.as(LogSegment.State.CLOSED));
        hasOld = true;
        return findOpen().epoch();
    }

    /** Writes a record for which there is room, and returns the file to be synced. */
    Path append(byte[] record) throws IOException {
        LogSegment.Use now = Objects.requireNonNull(use);
        LogSegment segment = segments.get(current);
        int place = tail;
        tail = segment.append(place, now, record);
        latest = new LogSegment.Found(place, record, tail);
        return segment.path();
    }

    /** Frees the full file, if there is one, once all that it says is on the disk. Outside the section. */
    void makeRoom(Section.Entrance section) throws IOException {
        hasOld = false;
        Optional<Old> old = section.run(turn -> Optional.ofNullable(old()));
        if (old.isPresent()) {
            flush.run(dir);
            section.run(turn -> free(old.get()));
        }
    }

    private @Nullable Old old() throws IOException {
        for (LogSegment segment : segments) {
            LogSegment.Use now = segment.use();
            if (now.state() == LogSegment.State.CLOSED) {
                return new Old(segment.path(), now);
            }
        }
        return null;
    }

    private boolean free(Old old) throws IOException {
        for (LogSegment segment : segments) {
            if (segment.path().equals(old.path) && segment.use().equals(old.use)) {
                segment.use(old.use.as(LogSegment.State.FREE));
            }
        }
        return true;
    }

    private static List<byte[]> records(LogSegment segment) throws IOException {
        LogSegment.Use use = segment.use();
        List<byte[]> records = new ArrayList<>();
        LogSegment.Found found = segment.at(LogSegment.START, use);
        while (found != null) {
            records.add(found.content());
            found = segment.at(found.next(), use);
        }
        return records;
    }

    /** What may be missing after a power cut, in order. */
    List<byte[]> all() throws IOException {
        NavigableMap<Long, LogSegment> used = new TreeMap<>();
        for (LogSegment segment : segments) {
            LogSegment.Use its = segment.use();
            if (its.state() != LogSegment.State.FREE) {
                used.put(its.epoch(), segment);
            }
        }
        List<byte[]> records = new ArrayList<>();
        for (LogSegment segment : used.values()) {
            records.addAll(records(segment));
        }
        return records;
    }

    /** Puts onto the disk whatever was done again. */
    void flush() throws IOException {
        flush.run(QueueLayout.parent(dir));
    }

    /** All that {@link #all} said is on the disk. */
    void freeAll() throws IOException {
        for (LogSegment segment : segments) {
            segment.use(segment.use().as(LogSegment.State.FREE));
        }
        use = null;
    }
}
