package dev.agentcoord.fs;

import dev.agentcoord.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks that one session put into a queue have not ended: those it added, less the ends that the ring tells of, which are read when
 * it matters. What the ring does not tell any more makes it too high until they are counted anew. Used inside the section only.
 */
final class OwnTasks {
    private static final String DEAD = "dead/";
    private static final List<String> ENDS = List.of("ended/", DEAD, "cancelled/");

    private final String queue;
    private final String mine;
    private final Recounts recounts = new Recounts();
    private long pending;
    /** Those of the others that may be tried again. */
    private long dead;

    private long seen = -1;
    private boolean exact = true;
    private boolean coming;

    /** Of the session that tasks' names call so. */
    OwnTasks(String queue, String by) {
        this.queue = queue;
        this.mine = "~" + by + "~";
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

    /** How many there are; only what may be more than fits is looked at again. */
    long pending(Turn turn, long fit, long nanos, TaskWalk walk) throws IOException {
        if (pending + dead > fit) {
            update(turn);
        }
        if (pending > fit && (!exact || coming) && recounts.areDue(nanos)) {
            recount(walk);
            exact = true;
            coming = false;
        }
        return pending;
    }

    private void recount(TaskWalk walk) throws IOException {
        long live = 0;
        for (TaskState state : TaskState.values()) {
            live += state.isEnd() ? 0 : count(walk, state);
        }
        dead = count(walk, TaskState.DEAD);
        pending = live;
    }

    private long count(TaskWalk walk, TaskState state) throws IOException {
        long count = 0;
        for (Path bucket : walk.buckets(state)) {
            count += TaskWalk.names(bucket).stream().filter(this::isOne).count();
        }
        return count;
    }

    private boolean isOne(String name) {
        return name.contains(mine);
    }

    private void update(Turn turn) {
        List<Change> news = turn.since(seen);
        seen = turn.change();
        if (news == null) {
            exact = false;
            pending += dead;
            dead = 0;
            return;
        }
        Move before = null;
        for (Change change : news) {
            boolean isOfQueue =
                    change.kind() == Change.Kind.QUEUE && change.name().startsWith(queue + "/");
            Move move = isOfQueue ? Move.parse(change.name()) : null;
            if (move != null && isOne(move.name())) {
                moved(move.from(), move.to());
            } else if (isOfQueue && move == null) {
                doubt(before);
            }
            before = move;
        }
    }

    private void moved(String from, String to) {
        pending += (isEnd(from) ? 1 : 0) - (isEnd(to) ? 1 : 0);
        dead += (to.startsWith(DEAD) ? 1 : 0) - (from.startsWith(DEAD) ? 1 : 0);
    }

    /** What was announced right before somebody had to look may not have been done. */
    private void doubt(@Nullable Move before) {
        exact = false;
        if (before != null && isOne(before.name()) && isEnd(before.to())) {
            moved(before.to(), before.from());
        }
    }

    private static boolean isEnd(String bucket) {
        return ENDS.stream().anyMatch(bucket::startsWith);
    }
}
