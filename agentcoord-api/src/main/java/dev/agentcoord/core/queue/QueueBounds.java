package dev.agentcoord.core.queue;

import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;

/**
 * Whether a queue takes more tasks: its mode, its depth, and the share of one session of it. Stateless, for every backend.
 */
public final class QueueBounds {
    private QueueBounds() {}

    /** Refuses new tasks while the queue is drained; throws {@link QueueFullException}. */
    public static void checkOpen(String queue, QueueSettings settings) {
        if (settings.mode() == QueueSettings.Mode.DRAINING) {
            throw new QueueFullException(
                    queue, "queue '" + queue + "' is being drained and takes no new tasks; resume it, or use another");
        }
    }

    /**
     * Refuses what would exceed a bound; throws {@link QueueFullException}.
     *
     * @param pending tasks of the queue that have not ended
     * @param own those of them that this session enqueued
     * @param more tasks to be added
     */
    public static void check(String queue, QueueSettings settings, long pending, long own, int more) {
        if (pending + more > settings.maxDepth()) {
            throw new QueueFullException(
                    queue,
                    "queue '" + queue + "' has " + pending + " tasks of at most " + settings.maxDepth() + ", so " + more
                            + " more do not fit; let some be worked off, or raise its bound");
        }
        if (own + more > settings.maxPerSession()) {
            throw new QueueFullException(
                    queue,
                    "this session has " + own + " tasks of at most " + settings.maxPerSession() + " in queue '" + queue
                            + "', so " + more + " more do not fit; wait until some have ended");
        }
    }
}
