package dev.agentcoord.fs;

import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.core.record.Json;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of a task's file, which with its directory is the task's state:
 * {@code <sequence>~p<priority>~n<number>~d<delivery>~a<attempt>of<max>~<lane>[k]~<by>~<id>}, {@code <moment>~} before it while scheduled
 * and when ended, {@code ~<session>} after it while claimed.
 *
 * @param sequence position at which it was enqueued; unique in the space
 * @param priority 0 (first) to 9
 * @param number the how many-th task of its queue; 512 in a row share a bucket
 * @param delivery how often it was claimed; never reset
 * @param attempt deliveries that count
 * @param max attempts it gets
 * @param lane where those of its route lie
 * @param isKeyed whether it has an ordering key
 * @param by the first half of the id of the session that enqueued it
 * @param id of the task
 */
record TaskName(
        long sequence,
        int priority,
        long number,
        int delivery,
        int attempt,
        int max,
        String lane,
        boolean isKeyed,
        String by,
        TaskId id)
        implements Comparable<TaskName> {
    /** Half of a session's id tells the sessions that use one queue apart. */
    static final int BY_LENGTH = 13;

    private static final int CLAIMER_LENGTH = 27;
    private static final int MOMENT_DIGITS = 16;
    private static final int SEQUENCE_DIGITS = 16;
    private static final String BEFORE_ID = ".*of[0-9]+~[^~]+~[^~]+";

    private static final Pattern TEXT =
            Pattern.compile("(?:([0-7][0-9a-f]{15})~)?([0-7][0-9a-f]{15})~p([0-9])~n([0-9a-f]{1,15})~d([0-9]{1,9})"
                    + "~a([0-9]{1,9})of([0-9]{1,9})~(any|[0-9a-v]{13})(k?)~([0-9a-v]{13})~([A-Za-z0-9._-]{1,64})"
                    + "(?:~([0-9a-v]{26}))?");

    /**
     * A name as found in a directory.
     *
     * @param task the task's part
     * @param moment milliseconds since the epoch when it is due or ended, 0 where none is stated
     * @param claimer the session that works on it, where one is stated
     */
    record Found(TaskName task, long moment, @Nullable SessionId claimer) {
        /** When a scheduled one is due. */
        long due() {
            return moment;
        }
    }

    /** Reads a name; throws {@link dev.agentcoord.CorruptRecordException} naming the file when it is none. */
    static Found parse(Path dir, String name) {
        Matcher m = TEXT.matcher(name);
        if (!m.matches()) {
            throw Json.corrupt(dir.resolve(name), "its name is not that of a task", null);
        }
        return found(m);
    }

    private static Found found(Matcher m) {
        TaskName task = new TaskName(
                Long.parseLong(m.group(2), 16),
                Integer.parseInt(m.group(3)),
                Long.parseLong(m.group(4), 16),
                Integer.parseInt(m.group(5)),
                Integer.parseInt(m.group(6)),
                Integer.parseInt(m.group(7)),
                m.group(8),
                !m.group(9).isEmpty(),
                m.group(10),
                new TaskId(m.group(11)));
        long moment = m.group(1) == null ? 0 : Long.parseLong(m.group(1), 16);
        return new Found(task, moment, m.group(12) == null ? null : new SessionId(m.group(12)));
    }

    /** The task of a name; null where it is none. */
    static @Nullable TaskName parseOrNull(String name) {
        Matcher m = TEXT.matcher(name);
        return m.matches() ? found(m).task() : null;
    }

    /** Whether it is a task's; any other was made by hand. */
    static boolean isOne(String name) {
        return TEXT.matcher(name).matches();
    }

    /** The sequence that a name states, of which no more is read; -1 where it states none. */
    static long sequenceOf(String name) {
        int end = name.indexOf("~p");
        try {
            return end < SEQUENCE_DIGITS ? -1 : Long.parseLong(name, end - SEQUENCE_DIGITS, end, 16);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** The moment before the name of one that has one, and no more of it; throws as {@link #parse}. */
    static long momentOf(Path task) {
        try {
            return momentOf(String.valueOf(task.getFileName()));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw Json.corrupt(task, "its name is not that of a task with a time", e);
        }
    }

    /** The same, of a name that is known to be one. */
    static long momentOf(String name) {
        return Long.parseLong(name, 0, MOMENT_DIGITS, 16);
    }

    /** What {@link #parse} does to a name that is far from being one, at a fraction of its cost. */
    static void requireTask(Path dir, String name) {
        if (!name.contains("~p") || !name.contains("~n") || !name.contains("~a")) {
            throw Json.corrupt(dir.resolve(name), "its name is not that of a task", null);
        }
    }

    /** Whether a name is that of a task, in whatever state: the id is its last part but for a claimer's. */
    static boolean isOf(String name, TaskId id) {
        String end = "~" + id.text();
        int claimer = name.length() - CLAIMER_LENGTH;
        return hasIdBefore(name, end, name.length())
                || (claimer > 0 && name.charAt(claimer) == '~' && hasIdBefore(name, end, claimer));
    }

    /** Before the id stand who enqueued it and its lane, neither of which can be told from an id by its form alone. */
    private static boolean hasIdBefore(String name, String id, int end) {
        int start = end - id.length();
        return start > BY_LENGTH
                && name.startsWith(id, start)
                && name.substring(0, start).matches(BEFORE_ID);
    }

    static String by(SessionId session) {
        return session.text().substring(0, BY_LENGTH);
    }

    String ready() {
        return hex(sequence) + "~p" + priority + "~n" + Long.toHexString(number) + "~d" + delivery + "~a" + attempt
                + "of" + max + "~" + lane + (isKeyed ? "k" : "") + "~" + by + "~" + id;
    }

    /** With the time when it is due, or when it ended. */
    String at(long moment) {
        return hex(moment) + "~" + ready();
    }

    String claimed(SessionId session) {
        return ready() + "~" + session;
    }

    static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
    }

    /** The task once more delivered, the attempt counted. */
    TaskName delivered() {
        return new TaskName(sequence, priority, number, delivery + 1, attempt + 1, max, lane, isKeyed, by, id);
    }

    /** The task with its latest delivery not counted. */
    TaskName uncounted() {
        return attempts(attempt - 1);
    }

    /** The task with so many deliveries that count. */
    TaskName attempts(int counted) {
        return new TaskName(sequence, priority, number, delivery, counted, max, lane, isKeyed, by, id);
    }

    /** The task on its way to others than before. */
    TaskName routed(String other) {
        return new TaskName(sequence, priority, number, delivery, attempt, max, other, isKeyed, by, id);
    }

    /** The same task at another delivery. */
    TaskName withDelivery(int other) {
        return new TaskName(sequence, priority, number, other, attempt, max, lane, isKeyed, by, id);
    }

    @Override
    public int compareTo(TaskName other) {
        int c = Integer.compare(priority, other.priority);
        return c != 0 ? c : Long.compare(sequence, other.sequence);
    }
}
