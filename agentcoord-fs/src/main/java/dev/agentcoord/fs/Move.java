package dev.agentcoord.fs;

import org.jspecify.annotations.Nullable;

/**
 * A task's way from one bucket to another as a {@link Change} tells it: {@code QUEUE/TASK SEQUENCE FROM>TO/NAME}, with {@code +} for
 * {@code >} where more names belong to the change than this one. Buckets are relative to the queue.
 *
 * @param queue of the task
 * @param task its id
 * @param sequence as in its name, 16 digits
 * @param from the bucket it leaves
 * @param to the bucket it comes to
 * @param name there
 * @param isPart whether it is a part of something larger, which is unfinished if whoever announced it died
 */
record Move(String queue, String task, String sequence, String from, String to, String name, boolean isPart) {
    private static final int SEQUENCE = 16;
    private static final char WHOLE = '>';
    private static final char PART = '+';

    /** How it is announced. */
    String text() {
        return queue + "/" + task + " " + sequence + " " + from + (isPart ? PART : WHOLE) + to + "/" + name;
    }

    /** How it is announced that nobody knows what a queue is like: whoever remembers it has to look. */
    static String unknown(String queue) {
        return queue + "/";
    }

    /** What was announced; null where it is not a move. Anybody in the group can announce: nothing in it leads out of the queue. */
    static @Nullable Move parse(String text) {
        int slash = text.indexOf('/');
        int id = text.indexOf(' ');
        int buckets = id + 1 + SEQUENCE;
        int last = text.lastIndexOf('/');
        int arrow = Math.max(text.indexOf(WHOLE, buckets), text.indexOf(PART, buckets));
        boolean complete = text.indexOf('\0') < 0
                && 0 < slash
                && slash < id
                && buckets < text.length()
                && text.charAt(buckets) == ' '
                && buckets < arrow
                && arrow < last;
        if (!complete) {
            return null;
        }
        Move move = new Move(
                text.substring(0, slash),
                text.substring(slash + 1, id),
                text.substring(id + 1, buckets),
                text.substring(buckets + 1, arrow),
                text.substring(arrow + 1, last),
                text.substring(last + 1),
                text.charAt(arrow) == PART);
        boolean plain = isPlain(move.queue, "-")
                && isNumber(move.sequence)
                && isPlain(move.from, "/~")
                && isPlain(move.to, "/~")
                && isNumber(move.name)
                && move.name.startsWith("~", SEQUENCE);
        return plain ? move : null;
    }

    /** Whether it begins with 16 hexadecimal digits of a number that is not negative. */
    private static boolean isNumber(String text) {
        if (text.length() < SEQUENCE || text.charAt(0) > '7') {
            return false;
        }
        for (int i = 0; i < SEQUENCE; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    /** Of small letters, digits, and what is allowed beside; so no name of it begins with a dot. */
    private static boolean isPlain(String text, String beside) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!word && beside.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
