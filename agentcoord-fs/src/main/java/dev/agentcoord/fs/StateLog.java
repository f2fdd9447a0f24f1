package dev.agentcoord.fs;

import dev.agentcoord.Condition;
import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Versioned;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The state's part of the {@link WriteAheadLog}. Its record is written inside, before the change is made, and synced outside. A value that
 * the log has on the disk may be replaced by one whose file is not: what a power cut leaves of that is put right from the log. Thread-safe
 * where it is not said to be used inside.
 */
final class StateLog {
    private static final int MOST_KEYS = 4_096;

    private final WriteAheadLog log;
    private final StateFiles files;
    private final StateMemory memory;
    private final Map<String, Logged> logged = new ConcurrentHashMap<>();
    private volatile long epoch;

    /** The revision of a key that the log has on the disk, and the epoch of its record. */
    private record Logged(long revision, long epoch) {}

    StateLog(WriteAheadLog log, StateFiles files, StateMemory memory) {
        this.log = log;
        this.files = files;
        this.memory = memory;
    }

    /** Inside: whether there is one. */
    boolean isThere() throws IOException {
        return log.isThere();
    }

    /** Whether new values of these keys need not be on the disk before they get their names, as far as is known outside. */
    boolean isProbablySafe(Set<String> names) {
        return names.stream().allMatch(name -> {
            StateMemory.Known known = memory.guess(name);
            return known != null && isSafe(name, known);
        });
    }

    private boolean isSafe(String name, StateMemory.Known known) {
        Logged last = logged.get(name);
        return last != null && last.epoch == epoch && last.revision == known.revision();
    }

    /** Inside: finds room for a record. */
    void makeRoom(int length) throws IOException {
        epoch = log.epochFor(length);
    }

    /** Inside, once there is room: whether that is so. */
    boolean isSafe(Set<String> names) throws IOException {
        for (String name : names) {
            if (!isSafe(name, memory.of(name))) {
                return false;
            }
        }
        return true;
    }

    /** Inside, once there is room: writes the record, and returns what is to be synced. */
    Path append(byte[] record) throws IOException {
        return log.append(record);
    }

    /** Inside: the epoch of what is appended now. */
    long epoch() {
        return epoch;
    }

    /** The changes of a record of that epoch are on the disk: what is to be remembered of that. */
    void settled(Collection<LogRecord.Value> changes, long written) {
        if (logged.size() > MOST_KEYS) {
            logged.clear();
        }
        for (LogRecord.Value change : changes) {
            if (change.lasting() == null) {
                logged.remove(change.name());
            } else {
                logged.put(change.name(), new Logged(change.revision(), written));
            }
        }
    }

    private static Map<String, LogRecord.Value> latest(List<LogRecord.Entry> entries) {
        Set<LogRecord.Entry> undone = new HashSet<>();
        entries.stream().filter(LogRecord.Undone.class::isInstance).forEach(undone::add);
        Map<String, LogRecord.Value> latest = new LinkedHashMap<>();
        for (LogRecord.Entry entry : entries) {
            if (entry instanceof LogRecord.Value value
                    && !undone.contains(new LogRecord.Undone(value.name(), value.revision()))) {
                latest.merge(value.name(), value, (a, b) -> a.revision() > b.revision() ? a : b);
            }
        }
        return latest;
    }

    /** Inside, first of all: says what the latest record says and its writer did not live to make, or could not. */
    void tellWhatIsNotMade() throws IOException {
        byte[] latest = log.isThere() ? log.latest() : null;
        if (latest == null) {
            return;
        }
        List<LogRecord.Entry> undone = new ArrayList<>();
        for (LogRecord.Entry entry : LogRecord.decode(latest)) {
            if (entry instanceof LogRecord.Value value && !isMade(value)) {
                undone.add(new LogRecord.Undone(value.name(), value.revision()));
            }
        }
        if (!undone.isEmpty()) {
            byte[] record = LogRecord.encode(undone);
            log.epochFor(record.length);
            log.append(record);
        }
    }

    /** A removal that stands for an ephemeral value is there as that. */
    private boolean isMade(LogRecord.Value change) throws IOException {
        long now = revision(change.name());
        return (change.content() == null && now == Condition.ABSENT) || now >= change.revision();
    }

    private long revision(String name) throws IOException {
        try {
            Versioned value = files.read(name);
            return value == null ? Condition.ABSENT : value.revision();
        } catch (CorruptRecordException e) {
            // Torn by a power cut; there is no older one.
            return Condition.ABSENT;
        }
    }

    /** Inside, in a new boot: does again what a power cut took back. */
    void redo(List<LogRecord.Entry> entries) throws IOException {
        for (LogRecord.Value change : latest(entries).values()) {
            if (KeyName.isOne(change.name())) {
                redo(change);
            }
        }
    }

    private void redo(LogRecord.Value change) throws IOException {
        byte[] content = change.content();
        Path file = files.path(change.name());
        boolean isPlanted = Disk.isThere(file) && !Disk.isFile(file);
        if (isPlanted || revision(change.name()) >= change.revision()) {
            return;
        }
        if (content == null) {
            Disk.unlink(file);
        } else {
            Disk.replace(file, content, files.draft(UUID.randomUUID().toString()));
        }
    }
}
