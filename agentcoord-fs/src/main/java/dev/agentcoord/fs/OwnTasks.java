package dev.agentcoord.fs;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks that one session put into a queue have not ended: those it added, less the ends that the ring tells of, which are read when
 * it matters. What the ring does not tell any more makes it too high until they are counted anew. Used inside the section only.
 */
final class OwnTasks {
    private static final List<String> ENDS = List.of("ended/", "dead/", "cancelled/");

    private final String queue;
    private final String mine;
    private final Recounts recounts = new Recounts();
    private long pending;
    private long seen = -1;
    private boolean exact = true;
    private boolean coming;

    /** Of the session that tasks' names call so. */
    OwnTasks(String queue, String by) {
        this.queue = queue;
        this.mine = "~" + by + "~";
    }

    /** Whether a task's name says that it is one of these. */
    boolean isOne(String name) {
        return name.contains(mine);
    }

    /** So many are about to come; where {@link #came} does not follow nobody knows how many have. */
    void come(Turn turn, int tasks) {
        if (seen < 0) {
            seen = turn.change();
        }
        exact = exact && !coming;
        coming = true;
        pending += tasks;
    }

    void came() {
        coming = false;
    }

    /** How many there are; only what is more than fits is looked at again. */
    long pending(Turn turn, long fit, long nanos, QueueCounts.Recount recount) throws IOException {
        if (pending > fit) {
            update(turn);
        }
        if (pending > fit && (!exact || coming) && recounts.areDue(nanos)) {
            pending = recount.run();
            exact = true;
            coming = false;
        }
        return pending;
    }

    private void update(Turn turn) {
        List<Change> news = turn.since(seen);
        seen = turn.change();
        exact = exact && news != null;
        if (news != null) {
            news.stream()
                    .filter(change ->
                            change.kind() == Change.Kind.QUEUE && change.name().startsWith(queue + "/"))
                    .forEach(change -> takeIn(Move.parse(change.name())));
        }
    }

    private void takeIn(@Nullable Move move) {
        if (move == null) {
            exact = false;
        } else if (isOne(move.name())) {
            pending += (isEnd(move.from()) ? 1 : 0) - (isEnd(move.to()) ? 1 : 0);
        }
    }

    private static boolean isEnd(String bucket) {
        return ENDS.stream().anyMatch(bucket::startsWith);
    }
}
