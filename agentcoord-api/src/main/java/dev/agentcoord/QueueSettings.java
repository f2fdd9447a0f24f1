package dev.agentcoord;

/**
 * What everybody who uses a queue goes by. Immutable; each method returns a changed copy.
 *
 * @param mode whether tasks come and go
 * @param maxDepth the most tasks that have not ended, 1 to 10 000 000
 * @param maxPerSession the most of them that one session may have enqueued
 */
public record QueueSettings(Mode mode, int maxDepth, int maxPerSession) {
    /** Tasks a queue holds unless it is told otherwise. */
    public static final int DEFAULT_DEPTH = 1_000_000;

    private static final int MOST = 10_000_000;

    /** Whether a queue takes new tasks and lets the ones it has be claimed; changed by whoever controls it, for all sessions at once. */
    public enum Mode {
        /** Both. */
        OPEN,
        /** They come, and nobody may claim one. What is claimed goes on. */
        PAUSED,
        /** None comes any more; those that are there are worked off. */
        DRAINING
    }

    /** Validates; throws {@link InvalidRequestException}. */
    public QueueSettings {
        bound("depth of a queue", maxDepth);
        bound("share of a session", maxPerSession);
    }

    private static void bound(String what, int value) {
        if (value < 1 || value > MOST) {
            throw new InvalidRequestException(value, "the " + what + " is 1 to " + MOST + " tasks, got " + value);
        }
    }

    /** Open, a million tasks, all of which may be of one session. */
    public static QueueSettings defaults() {
        return new QueueSettings(Mode.OPEN, DEFAULT_DEPTH, DEFAULT_DEPTH);
    }

    /** In another mode. */
    public QueueSettings mode(Mode other) {
        return new QueueSettings(other, maxDepth, maxPerSession);
    }

    /** With another bound on all tasks; throws {@link InvalidRequestException}. */
    public QueueSettings maxDepth(int tasks) {
        return new QueueSettings(mode, tasks, maxPerSession);
    }

    /** With another bound on those of one session; throws {@link InvalidRequestException}. */
    public QueueSettings maxPerSession(int tasks) {
        return new QueueSettings(mode, maxDepth, tasks);
    }
}
