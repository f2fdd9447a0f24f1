package dev.agentcoord.fs;

import dev.agentcoord.Versioned;
import dev.agentcoord.core.record.Json;
import dev.agentcoord.spi.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One record for each key, replaced by rename. A revision is a position of the space, so none ever repeats. Where writes are
 * synced, each costs a sync of the file and a share in one of the directory, both outside the section.
 */
final class FsStateStore implements StateStore {
    private static final String KEY = "key";
    private static final String REVISION = "revision";

    private final Path dir;
    private final Section.Entrance section;
    private final Supplier<Path> scratch;
    private final Writes writes;

    /** {@code scratch} gives a new name for a file being written, in the same file system. */
    FsStateStore(Path dir, Section.Entrance section, Supplier<Path> scratch, Writes writes) {
        this.dir = dir;
        this.section = section;
        this.scratch = scratch;
        this.writes = writes;
    }

    @Override
    public Optional<Versioned> get(String key) {
        return Calls.typed(
                dir,
                () -> Optional.ofNullable(read(KeyName.of(key)))
                        .filter(v -> v.key().equals(key)));
    }

    @Override
    public List<Versioned> list(String prefix, String after, int limit) {
        return Calls.typed(dir, () -> {
            List<Versioned> all = new ArrayList<>();
            for (String name : names(prefix, after, limit)) {
                Versioned value = read(name);
                if (value != null
                        && value.key().startsWith(prefix)
                        && value.key().compareTo(after) > 0) {
                    all.add(value);
                }
            }
            all.sort(Comparator.comparing(Versioned::key));
            return List.copyOf(all.subList(0, Math.min(limit, all.size())));
        });
    }

    @Override
    public OptionalLong write(String key, long expected, byte[] value) {
        return Calls.typed(dir, () -> {
            while (true) {
                Reserved reserved = section.run(FsStateStore::reserve);
                try (SyncedFile file = writes.draft(scratch.get(), record(key, reserved.revision, value))) {
                    Outcome outcome = section.run(turn -> publish(turn, file, key, expected, reserved));
                    if (outcome == Outcome.DONE) {
                        writes.settle(dir);
                        return OptionalLong.of(reserved.revision);
                    } else if (outcome == Outcome.OTHER_REVISION) {
                        return OptionalLong.empty();
                    }
                }
            }
        });
    }

    @Override
    public boolean delete(String key, long revision) {
        return Calls.typed(dir, () -> {
            String name = KeyName.of(key);
            boolean deleted = section.run(turn -> {
                Versioned now = read(name);
                if (now == null || now.revision() != revision) {
                    return false;
                }
                turn.nextPosition();
                turn.announce(Change.Kind.STATE, name);
                return Disk.unlink(dir.resolve(name));
            });
            if (deleted) {
                writes.settle(dir);
            }
            return deleted;
        });
    }

    /**
     * A revision taken before the record is written, because the record states it.
     *
     * @param revision larger than that of any write so far
     * @param change number of the latest change at that moment
     */
    private record Reserved(long revision, long change) {}

    private enum Outcome {
        DONE,
        OTHER_REVISION,
        OVERTAKEN
    }

    private static Reserved reserve(Turn turn) throws IOException {
        long revision = turn.nextPosition();
        turn.announce(Change.Kind.NONE, "");
        return new Reserved(revision, turn.change());
    }

    private static byte[] record(String key, long revision, byte[] value) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(KEY, key);
        fields.put(REVISION, revision);
        return RecordFile.encode(fields, value);
    }

    private Outcome publish(Turn turn, SyncedFile file, String key, long expected, Reserved reserved)
            throws IOException {
        String name = KeyName.of(key);
        if (expected != ANY && revisionOf(name) != expected) {
            return Outcome.OTHER_REVISION;
        }
        // Whoever wrote this key since has the larger revision; ours would go back.
        List<Change> since = turn.since(reserved.change);
        if (since == null || since.contains(new Change(Change.Kind.STATE, name))) {
            return Outcome.OVERTAKEN;
        }
        turn.announce(Change.Kind.STATE, name);
        Files.move(file.path(), dir.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        return Outcome.DONE;
    }

    private long revisionOf(String name) throws IOException {
        Versioned now = read(name);
        return now == null ? ABSENT : now.revision();
    }

    /** Names that may be of wanted keys; those told by their name alone are cut to the limit before any file is opened. */
    private List<String> names(String prefix, String after, int limit) throws IOException {
        String start = KeyName.prefix(prefix);
        List<String> whole = new ArrayList<>();
        List<String> cut = new ArrayList<>();
        for (String name : Disk.list(dir)) {
            if (!name.startsWith(start)) {
                continue;
            }
            if (!KeyName.isWhole(name)) {
                cut.add(name);
            } else if (KeyName.unescape(name).compareTo(after) > 0) {
                whole.add(name);
            }
        }
        whole.sort(Comparator.comparing(KeyName::unescape));
        cut.addAll(whole.subList(0, Math.min(limit, whole.size())));
        return cut;
    }

    private @Nullable Versioned read(String name) throws IOException {
        Path file = dir.resolve(name);
        try {
            RecordFile record = RecordFile.decode(file, Calls.read(file));
            Json.Fields fields = record.fields();
            return new Versioned(fields.text(KEY), record.body(), fields.number(REVISION));
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
