package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The records in {@code sessions}. A record never changes, so each is read once per process. Thread-safe. */
final class SessionDirectory {
    static final int ID_LENGTH = 26;

    private static final int REMEMBERED = 1_024;

    private final Layout layout;
    private final Map<SessionId, Known> known = new ConcurrentHashMap<>();
    private final Growth growth;

    SessionDirectory(Layout layout) {
        this(layout, REMEMBERED);
    }

    /** One that remembers so many sessions in any case, whether they have ended or not. */
    SessionDirectory(Layout layout, int remembered) {
        this.layout = layout;
        this.growth = new Growth(remembered);
    }

    /** How many sessions are remembered. */
    int size() {
        return known.size();
    }

    /**
     * A record and the file it was read from.
     *
     * @param record as read
     * @param file device and inode; a genuine ticket of the session is a link to it
     * @param uid owner of the file, from the kernel
     */
    record Known(SessionRecord record, Object file, int uid) {}

    Path path(SessionId id) {
        return layout.sessions().resolve(id.text());
    }

    Path beat(SessionId id) {
        return layout.sessions().resolve(id.text() + ".beat");
    }

    Path bell(SessionId id) {
        return layout.sessions().resolve(id.text() + ".sock");
    }

    /** The mark that a ticket was taken from a session. */
    Path mark(SessionId id, long position) {
        return layout.sessions().resolve(id.text() + ".revoked~" + position);
    }

    /** The session of that id, or empty when it has ended; inside the section that is a fact. */
    Optional<Known> find(SessionId id) throws IOException {
        Path path = path(id);
        Known before = known.get(id);
        if (before != null && before.file.equals(Disk.identity(path))) {
            return Optional.of(before);
        }
        try {
            Known now = read(id, path);
            known.put(id, now);
            growth.trim(known, other -> !isThere(other));
            return Optional.of(now);
        } catch (NoSuchFileException e) {
            known.remove(id);
            return Optional.empty();
        }
    }

    /** By a look that takes a failed disk for a no: what is forgotten is read again. */
    boolean isThere(SessionId id) {
        return path(id).toFile().exists();
    }

    /** As it was when last read, though it may have ended since. */
    Optional<Known> remembered(SessionId id) throws IOException {
        Known before = known.get(id);
        return before != null ? Optional.of(before) : find(id);
    }

    /** What the agent of a session is called, be it only to say whom something was about. */
    String agentOf(SessionId id) throws IOException {
        return remembered(id).map(known -> known.record.info().agent()).orElse("unknown");
    }

    /** All sessions, in the order they joined. */
    List<Known> all() throws IOException {
        List<Known> all = new ArrayList<>();
        for (String name : Disk.list(layout.sessions())) {
            if (name.length() == ID_LENGTH) {
                find(id(name)).ifPresent(all::add);
            }
        }
        all.sort(Comparator.comparingLong(k -> k.record.position()));
        return all;
    }

    /** When the session last beat, by the wall clock of this machine; for people. */
    Instant lastBeat(SessionId id) throws IOException {
        return Files.getLastModifiedTime(beat(id), LinkOption.NOFOLLOW_LINKS).toInstant();
    }

    /**
     * Removes all that stands beside a record, and the record last, so that until then its end can be found again. What others planted
     * there under its name is theirs, and stays where only they may remove it.
     */
    void remove(SessionId id) throws IOException {
        Optional<Known> session = find(id);
        for (Path dir : List.of(layout.tmp(), layout.sessions())) {
            for (String name : Disk.list(dir)) {
                if (name.startsWith(id.text()) && name.length() > ID_LENGTH) {
                    removeBeside(dir.resolve(name), session);
                }
            }
        }
        Disk.unlink(path(id));
        known.remove(id);
    }

    private static void removeBeside(Path file, Optional<Known> session) throws IOException {
        try {
            Disk.unlink(file);
        } catch (FileSystemException e) {
            boolean planted =
                    session.isPresent() && Disk.uid(file) != session.get().uid();
            if (planted) {
                return;
            }
            if (!Disk.isDirectory(file)) {
                throw e;
            }
            // One it was making when it died.
            Disk.deleteTree(file.toFile());
        }
    }

    private Known read(SessionId id, Path path) throws IOException {
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!file.isRegularFile()) {
            throw Json.corrupt(path, "it is not a plain file", null);
        }
        if (file.size() == 0) {
            // A power cut left the name alone: whoever it was is of an earlier boot.
            throw new NoSuchFileException(path.toString());
        }
        SessionRecord record = SessionRecord.read(path, Calls.read(path));
        String owner = Disk.owner(path);
        if (Disk.isNameless(owner) && !Disk.isNameless(record.info().developer())) {
            throw new IOException("the name of the user " + owner + ", who owns " + path + ", cannot be found");
        }
        if (!record.id().equals(id) || !record.info().developer().equals(owner)) {
            throw Json.corrupt(path, "it names another session or user than its file", null);
        }
        return new Known(record, file.fileKey(), Disk.uid(path));
    }

    private SessionId id(String name) {
        try {
            return new SessionId(name);
        } catch (CoordinationException e) {
            throw Json.corrupt(layout.sessions().resolve(name), "its name is not a session's", e);
        }
    }
}
