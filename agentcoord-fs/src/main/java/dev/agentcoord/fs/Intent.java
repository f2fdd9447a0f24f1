package dev.agentcoord.fs;

import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A transaction of several keys on its way: a file that names the drafts to be moved and the names to be removed. The rename that gives it
 * its name commits it. Whoever enters the section next finishes it first, so nobody inside ever sees half of it. It lies beside the keys, so
 * that no file system puts a key's new name onto the disk before it.
 */
final class Intent {
    static final String NAME = "~intent";

    private static final String PUT = "put";
    private static final String DRAFTS = "drafts";
    private static final String DELETE = "delete";

    private final Path dir;

    /** Of the state in that directory. */
    Intent(Path dir) {
        this.dir = dir;
    }

    /** What the file says: each name with its draft, both without the directory, and the names to remove. */
    static byte[] encode(Map<String, String> drafts, List<String> deleted) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(PUT, new ArrayList<>(drafts.keySet()));
        fields.put(DRAFTS, new ArrayList<>(drafts.values()));
        fields.put(DELETE, deleted);
        return RecordFile.encode(fields, new byte[0]);
    }

    /** Whether one is on its way. A reader outside that sees one has to enter. */
    boolean isThere() throws IOException {
        return Disk.identity(dir.resolve(NAME)) != null;
    }

    /** Commits what a draft says; to be {@link #finish finished} in the same turn. All its names are announced. */
    void commit(Path draft) throws IOException {
        Files.move(draft, dir.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Does what is left of one that is on its way; harmless where nothing is left. In the section only. */
    void finish() throws IOException {
        if (!isThere()) {
            return;
        }
        Path file = dir.resolve(NAME);
        Json.Fields fields = RecordFile.decode(file, Calls.read(file)).fields();
        List<String> names = fields.texts(PUT);
        List<String> drafts = fields.texts(DRAFTS);
        for (int i = 0; i < names.size(); i++) {
            Path draft = dir.resolve(plain(file, drafts.get(i)));
            if (Disk.identity(draft) != null) {
                Files.move(draft, dir.resolve(plain(file, names.get(i))), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        for (String name : fields.texts(DELETE)) {
            Disk.unlink(dir.resolve(plain(file, name)));
        }
        Disk.unlink(file);
    }

    /** Anyone in the group can write one: it reaches no further than this directory. */
    private static String plain(Path file, String name) {
        if (name.isEmpty() || name.startsWith(".") || name.indexOf('/') >= 0) {
            throw Json.corrupt(file, "it names something outside", null);
        }
        return name;
    }
}
