package dev.agentcoord.core.queue;

import java.time.Duration;
import java.time.Instant;

/** How long what has ended is kept: 7 days or the latest 10 000, whichever is less; its id for 24 hours at least. */
public final class Retention {
    /** The most ended tasks that are kept. */
    public static final int MOST = 10_000;
    /** The longest that an ended task is kept. */
    public static final Duration LONGEST = Duration.ofDays(7);
    /** How long an id is remembered after its task has ended, though the task may be gone. */
    public static final Duration IDS = Duration.ofHours(24);

    private Retention() {}

    /**
     * Whether an ended task goes.
     *
     * @param later how many tasks have ended after it
     */
    public static boolean goes(Instant ended, int later, Instant now) {
        return later >= MOST || ended.plus(LONGEST).isBefore(now);
    }

    /** Whether the id of a task that ended then is still to be known. */
    public static boolean remembersId(Instant ended, Instant now) {
        return !ended.plus(IDS).isBefore(now);
    }
}
