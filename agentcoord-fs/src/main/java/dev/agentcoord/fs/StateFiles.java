package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionId;
import dev.agentcoord.Versioned;
import dev.agentcoord.Write;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of the shared state: one file for each key, in one directory together with drafts, whose names no key can have. Keys that
 * were written at the same time may be names of one file, which holds a record for each.
 */
final class StateFiles {
    private static final String KEY = "key";
    private static final String REVISION = "revision";
    private static final String SESSION = "session";
    /** No key's name begins so: it is escaped there. */
    private static final String DRAFT = "~";

    private final Path dir;

    StateFiles(Path dir) {
        this.dir = dir;
    }

    Path dir() {
        return dir;
    }

    Path path(String name) {
        return dir.resolve(name);
    }

    /** Whether a name in the directory is that of a key. */
    static boolean isKey(String name) {
        return !name.startsWith(DRAFT);
    }

    /** Whether a name is that of a key and a file; anything else but a draft was made by hand, and counts for nothing. */
    boolean isThere(String name) throws IOException {
        return isKey(name) && KeyName.isOne(name) && Disk.isFile(path(name));
    }

    /** A name for a draft, which says who makes it; whoever finishes a transaction of a dead process moves it, of whatever user. */
    Path draft(String id) {
        return dir.resolve(DRAFT + Maker.self().mark(id));
    }

    /** What the file of a key holds. */
    static byte[] record(Write write, long revision, SessionId me) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(KEY, write.key());
        fields.put(REVISION, revision);
        if (write.isEphemeral()) {
            fields.put(SESSION, me.text());
        }
        return RecordFile.encode(fields, write.value().orElseThrow());
    }

    /** The value under a name, whoever's; null where there is none. */
    @Nullable Versioned read(String name) throws IOException {
        Path file = dir.resolve(name);
        try {
            RecordFile record = RecordFile.pick(
                    file,
                    Calls.read(file),
                    one -> KeyName.of(one.fields().text(KEY)).equals(name));
            Json.Fields fields = record.fields();
            SessionId owner = fields.has(SESSION) ? new SessionId(fields.text(SESSION)) : null;
            return new Versioned(fields.text(KEY), record.body(), fields.number(REVISION), owner);
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException | CorruptRecordException e) {
            if (!Disk.isFile(file)) {
                return null; // A directory, a link or a pipe that somebody made by hand.
            }
            throw e;
        }
    }
}
