package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the {@link WriteAheadLog} is told of one turn at a queue, once it is done. Written inside the section. */
final class TurnLog {
    private static final int AT_ONCE = 4 * QueueTurn.LOGGED_BYTES;

    private final WriteAheadLog log;
    private final List<LogRecord.Task> tasks = new ArrayList<>();
    private final Set<Path> files = new LinkedHashSet<>();
    private @Nullable Boolean isThere;

    TurnLog(WriteAheadLog log) {
        this.log = log;
    }

    /** Asked once: who makes a log now writes nothing there before this turn is over. */
    boolean isThere() throws IOException {
        Boolean known = isThere;
        if (known == null) {
            known = log.isThere();
            isThere = known;
        }
        return known;
    }

    /** One more, to be written. */
    void add(LogRecord.Task task) {
        tasks.add(task);
    }

    /** Writes down what the log has to know: who dies in between has promised nothing. Of a large batch a record holds a part. */
    void write() throws IOException {
        List<LogRecord.Task> together = new ArrayList<>();
        int bytes = 0;
        for (LogRecord.Task task : tasks) {
            int length = task.mostBytes();
            if (bytes > 0 && bytes + length > AT_ONCE) {
                write(together);
                together.clear();
                bytes = 0;
            }
            together.add(task);
            bytes += length;
        }
        if (bytes > 0) {
            write(together);
        }
        tasks.clear();
    }

    private void write(List<LogRecord.Task> together) throws IOException {
        byte[] record = LogRecord.encode(together);
        log.epochFor(record.length);
        files.add(log.append(record));
    }

    /** Whether the log has all that it has to know. */
    boolean isWritten() {
        return tasks.isEmpty();
    }

    /** The files that are to be put onto the disk afterwards: two where it goes on in the other, none where it says nothing of this. */
    Set<Path> files() {
        return files;
    }
}
