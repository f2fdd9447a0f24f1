package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import dev.agentcoord.Versioned;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which names of the state may hold values that end with a session: an empty file for each, in a directory of the session's own, made
 * before the value. So its end finds them without listing the whole state. A name too many costs a look. Thread-safe.
 */
final class Ephemerals {
    /** Values removed in one turn, so that nobody waits long for the section. */
    private static final int AT_ONCE = 32;

    private final Path dir;
    private final StateFiles files;
    private final Map<SessionId, Set<String>> noted = new ConcurrentHashMap<>();

    Ephemerals(Path dir, StateFiles files) {
        this.dir = dir;
        this.files = files;
    }

    /** Notes a name before the session gives it a value. */
    void note(SessionId session, String name) throws IOException {
        Set<String> names = noted.computeIfAbsent(session, id -> ConcurrentHashMap.newKeySet());
        if (names.contains(name)) {
            return;
        }
        Disk.ensureDirectory(dir, Layout.SHARED_DIR);
        Disk.ensureDirectory(dir.resolve(session.text()), Layout.SHARED_DIR);
        try {
            Disk.createEmpty(dir.resolve(session.text()).resolve(name), Layout.RECORD);
        } catch (FileAlreadyExistsException e) {
            // Noted before, by a write that may not have come to be.
        }
        names.add(name);
    }

    /** Removes all values of an ended session, but what somebody made by hand among its notes stays; returns whether there was one. */
    boolean sweep(Section.Entrance section, SessionId ended) throws IOException {
        noted.remove(ended);
        Path home = dir.resolve(ended.text());
        if (!Disk.isDirectory(home)) {
            Disk.discard(home);
            return false;
        }
        List<String> names = Disk.listIfThere(home);
        boolean any = false;
        for (int i = 0; i < names.size(); i += AT_ONCE) {
            List<String> some = names.subList(i, Math.min(i + AT_ONCE, names.size()));
            any |= section.run(turn -> remove(turn, some, ended));
            for (String name : some) {
                Disk.discard(home.resolve(name));
            }
        }
        Disk.removeIfEmpty(home);
        return any;
    }

    private boolean remove(Turn turn, List<String> names, SessionId ended) throws IOException {
        boolean any = false;
        for (String name : names) {
            Versioned value = files.read(name);
            if (value != null && value.owner().filter(ended::equals).isPresent()) {
                turn.nextPosition();
                turn.announce(Change.Kind.STATE, name);
                any |= Disk.unlink(files.path(name));
            }
        }
        return any;
    }

    /** Sessions that noted names and may have ended since. */
    List<SessionId> owners() throws IOException {
        return StateWatchers.sessionsIn(dir);
    }
}
