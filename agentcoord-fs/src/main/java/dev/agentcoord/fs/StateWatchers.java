package dev.agentcoord.fs;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.SessionId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which sessions follow the state: a name each in {@code watching}. Only hints, remembered until the directory's time changes: a session
 * that is left out hears at its next look. Thread-safe.
 */
final class StateWatchers {
    /** A directory changed so lately may change again without a new time. */
    private static final Duration FRESH = Duration.ofMillis(100);

    private final Path dir;
    private List<SessionId> known = List.of();
    private Instant asOf = Instant.MIN;

    StateWatchers(Path dir) {
        this.dir = dir;
    }

    void add(SessionId session) throws IOException {
        Disk.ensureDirectory(dir, Layout.SHARED_DIR);
        try {
            Disk.createEmpty(dir.resolve(session.text()), Layout.RECORD);
        } catch (FileAlreadyExistsException e) {
            // It follows something else already.
            return;
        }
    }

    void remove(SessionId session) throws IOException {
        Disk.unlink(dir.resolve(session.text()));
    }

    synchronized List<SessionId> all() throws IOException {
        try {
            Instant changed = Files.getLastModifiedTime(dir).toInstant();
            if (!changed.equals(asOf)) {
                known = sessionsIn(dir);
                asOf = Instant.now().minus(FRESH).isAfter(changed) ? changed : Instant.MIN;
            }
            return known;
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** The sessions that names in a directory of hints stand for; anybody in the group can plant other names there, which mean nothing. */
    static List<SessionId> sessionsIn(Path dir) throws IOException {
        return Disk.listIfThere(dir).stream()
                .flatMap(name -> sessionOf(name).stream())
                .toList();
    }

    private static Optional<SessionId> sessionOf(String name) {
        try {
            return Optional.of(new SessionId(name));
        } catch (InvalidRequestException e) {
            return Optional.empty();
        }
    }
}
