package dev.agentcoord.fs;

import dev.agentcoord.CoordinationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Does again, in a new boot, what the log says of the tasks of all queues and a power cut took back. Used inside, before anybody remembers
 * anything of the queues.
 */
final class TaskRedo {
    private static final Pattern PLACE =
            Pattern.compile("(?:ready/[0-9]|scheduled|ended|dead|cancelled)/[0-9a-f~]+/[A-Za-z0-9._~-]+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_~-][A-Za-z0-9._~-]*");

    private final Layout layout;
    private final long since;
    private boolean hasChanged;
    private boolean hasFailed;

    /** Tasks of a later position are younger than the boot before. */
    TaskRedo(Layout layout, long since) {
        this.layout = layout;
        this.since = since;
    }

    /** Of what nobody of us wrote nothing is believed. */
    void run(List<LogRecord.Entry> entries) throws IOException {
        Map<String, List<LogRecord.Task>> queues = new LinkedHashMap<>();
        for (LogRecord.Entry entry : entries) {
            if (entry instanceof LogRecord.Task task
                    && NAME.matcher(task.queue()).matches()
                    && PLACE.matcher(task.place()).matches()) {
                queues.computeIfAbsent(task.queue(), name -> new ArrayList<>()).add(task);
            }
        }
        NoteDrafts drafts = new NoteDrafts(layout.tmp());
        for (String name : Disk.listIfThere(layout.queues())) {
            Path home = layout.queues().resolve(name);
            if (NAME.matcher(name).matches() && Disk.isDirectory(home)) {
                run(new QueueRedo(layout, new QueueLayout(home), since, queues.getOrDefault(name, List.of())), drafts);
            }
        }
    }

    /** What somebody made in one queue keeps nobody out of the others. */
    private void run(QueueRedo queue, NoteDrafts drafts) {
        try {
            queue.run();
            queue.giveBack(drafts);
        } catch (IOException | CoordinationException e) {
            hasFailed = true;
        }
        hasChanged |= queue.hasChanged();
    }

    /** Whether anything was changed that no record tells of. */
    boolean hasChanged() {
        return hasChanged;
    }

    /** Whether that of some queue could not be done, so that a later boot has to try again. */
    boolean hasFailed() {
        return hasFailed;
    }
}
