package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which sessions wait for a task of one queue: a name each in {@code waiting}. Only hints; a wrong one costs a look. */
final class QueueWaiters {
    private final Path dir;

    QueueWaiters(Path dir) {
        this.dir = dir;
    }

    void add(SessionId session) throws IOException {
        Path name = dir.resolve(session.text());
        try {
            if (!Disk.isThere(name)) {
                Disk.createEmpty(name, Layout.RECORD);
            }
        } catch (FileAlreadyExistsException e) {
            // Another thread of it waits already.
            return;
        } catch (NoSuchFileException e) {
            QueueLayout.ensure(dir);
            add(session);
        }
    }

    void remove(SessionId session) throws IOException {
        Disk.unlink(dir.resolve(session.text()));
    }

    /**
     * Takes one of those who wait off the list, at random so that none is left out, and by removing its name, so that nobody else wakes
     * the same one; forgets the ended ones it meets.
     */
    Optional<SessionId> take(Predicate<SessionId> suits, Predicate<SessionId> ended) throws IOException {
        List<SessionId> sessions = new ArrayList<>(StateWatchers.sessionsIn(dir));
        Collections.shuffle(sessions);
        for (SessionId session : sessions) {
            if (suits.test(session) && Disk.unlink(dir.resolve(session.text())) && !ended.test(session)) {
                return Optional.of(session);
            }
        }
        return Optional.empty();
    }
}
