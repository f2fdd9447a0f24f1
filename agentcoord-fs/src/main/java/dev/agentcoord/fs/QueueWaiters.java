package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
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
        QueueLayout.ensure(dir);
        try {
            Disk.create(dir.resolve(session.text()), new byte[0], Layout.RECORD);
        } catch (FileAlreadyExistsException e) {
            // It waits for another task already.
            return;
        }
    }

    void remove(SessionId session) throws IOException {
        Disk.unlink(dir.resolve(session.text()));
    }

    /** One of those who wait, at random so that none is left out; forgets the ended ones it meets. */
    Optional<SessionId> any(Predicate<SessionId> ended) throws IOException {
        List<String> names = new ArrayList<>(Disk.listIfThere(dir));
        Collections.shuffle(names);
        for (String name : names) {
            SessionId session = new SessionId(name);
            if (!ended.test(session)) {
                return Optional.of(session);
            }
            remove(session);
        }
        return Optional.empty();
    }
}
