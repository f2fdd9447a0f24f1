package dev.agentcoord.fs;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.SessionId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which sessions follow the state: a name each in {@code watching}. Only hints, remembered until the directory's time changes: a session
 * that is left out hears at its next look. Thread-safe.
 */
final class StateWatchers {
    /** A directory changed so lately may change again without a new time. */
    private static final long FRESH_MILLIS = 100;

    private static final long NEVER = -1;

    private final Path dir;
    private volatile Seen seen = new Seen(NEVER, List.of());

    /** Who was there when the directory had last changed then, in milliseconds since the epoch. */
    private record Seen(long changed, List<SessionId> sessions) {}

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

    void remove(SessionId session) {
        Disk.discard(dir.resolve(session.text()));
    }

    List<SessionId> all() throws IOException {
        // No error and no exception where nobody ever followed, which each write would pay for: zero then.
        long changed = dir.toFile().lastModified();
        if (changed == 0) {
            return List.of();
        }
        Seen last = seen;
        if (changed != last.changed) {
            boolean isOld = System.currentTimeMillis() - FRESH_MILLIS > changed;
            last = new Seen(isOld ? changed : NEVER, sessionsIn(dir));
            seen = last;
        }
        return last.sessions;
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
