package dev.agentcoord.zk;

import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.record.Json;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name by which a task stands in line: {@code <priority><number>~<moment>~<by>~<id>}.
 *
 * @param priority 0 (first) to 9
 * @param number the how many-th task of its queue
 * @param moment milliseconds since the epoch when it is due, where it is scheduled, or when it ended, where it has; the number of the
 *     delivery where it is claimed; else 0
 * @param by the first half of the id of the session that enqueued it
 * @param id of the task
 */
record TaskLeaf(int priority, long number, long moment, String by, TaskId id) implements Comparable<TaskLeaf> {
    private static final int BY_LENGTH = 13;
    private static final Pattern NAME =
            Pattern.compile("([0-9])([0-9a-f]{10})~([0-9a-f]{1,15})~([0-9a-v]{13})~([A-Za-z0-9._-]{1,64})");

    /** Half of a session's id tells the sessions that use one queue apart. */
    static String by(SessionId session) {
        return session.text().substring(0, BY_LENGTH);
    }

    String name() {
        return String.format("%d%010x~%x~%s~%s", priority, number, moment, by, id);
    }

    /** Reads a name; throws {@link dev.agentcoord.CorruptRecordException} naming the path for what is none. */
    static TaskLeaf parse(String parent, String name) {
        Matcher m = NAME.matcher(name);
        if (!m.matches()) {
            throw Json.corrupt(parent + "/" + name, "it is not the place of a task", null);
        }
        return new TaskLeaf(
                Integer.parseInt(m.group(1)),
                Long.parseLong(m.group(2), 16),
                Long.parseLong(m.group(3), 16),
                m.group(4),
                new TaskId(m.group(5)));
    }

    @Override
    public int compareTo(TaskLeaf other) {
        int c = Integer.compare(priority, other.priority);
        return c != 0 ? c : Long.compare(number, other.number);
    }
}
