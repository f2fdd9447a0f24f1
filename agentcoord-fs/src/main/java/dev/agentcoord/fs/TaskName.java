package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.record.Json;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a task's file, which with its directory is the task's state: {@code <sequence>~p<priority>~d<delivery>~a<attempt>of<max>~<id>},
 * {@code <due>~} before it while scheduled, {@code ~<session>} after it while claimed.
 *
 * @param sequence place in the queue; unique
 * @param priority 0 (first) to 9
 * @param delivery how often it was claimed; never reset
 * @param attempt deliveries that count
 * @param max attempts it gets
 * @param id of the task
 */
record TaskName(long sequence, int priority, int delivery, int attempt, int max, TaskId id)
        implements Comparable<TaskName> {
    private static final Pattern TEXT =
            Pattern.compile("(?:([0-9a-f]{16})~)?([0-9a-f]{16})~p([0-9])~d([0-9]{1,9})~a([0-9]{1,9})of([0-9]{1,9})"
                    + "~([A-Za-z0-9._-]{1,64})(?:~([0-9a-v]{26}))?");

    /**
     * A name as found in a directory.
     *
     * @param task the task's part
     * @param due milliseconds since the epoch, 0 where none is stated
     * @param claimer the session that works on it, where one is stated
     */
    record Found(TaskName task, long due, @Nullable SessionId claimer) {}

    /** Reads a name; throws {@link dev.agentcoord.CorruptRecordException} naming the file when it is none. */
    static Found parse(Path dir, String name) {
        Matcher m = TEXT.matcher(name);
        if (!m.matches()) {
            throw Json.corrupt(dir.resolve(name), "its name is not that of a task", null);
        }
        TaskName task = new TaskName(
                Long.parseLong(m.group(2), 16),
                Integer.parseInt(m.group(3)),
                Integer.parseInt(m.group(4)),
                Integer.parseInt(m.group(5)),
                Integer.parseInt(m.group(6)),
                new TaskId(m.group(7)));
        long due = m.group(1) == null ? 0 : Long.parseLong(m.group(1), 16);
        return new Found(task, due, m.group(8) == null ? null : new SessionId(m.group(8)));
    }

    String ready() {
        return String.format("%016x~p%d~d%d~a%dof%d~%s", sequence, priority, delivery, attempt, max, id);
    }

    String scheduled(long due) {
        return String.format("%016x~%s", due, ready());
    }

    String claimed(SessionId by) {
        return ready() + "~" + by;
    }

    /** The task once more delivered, the attempt counted. */
    TaskName delivered() {
        return new TaskName(sequence, priority, delivery + 1, attempt + 1, max, id);
    }

    /** The task with its latest delivery not counted. */
    TaskName uncounted() {
        return new TaskName(sequence, priority, delivery, attempt - 1, max, id);
    }

    /** The same task at another delivery. */
    TaskName withDelivery(int number) {
        return new TaskName(sequence, priority, number, attempt, max, id);
    }

    @Override
    public int compareTo(TaskName other) {
        int c = Integer.compare(priority, other.priority);
        return c != 0 ? c : Long.compare(sequence, other.sequence);
    }
}
