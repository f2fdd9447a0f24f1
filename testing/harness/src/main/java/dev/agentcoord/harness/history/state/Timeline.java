package dev.agentcoord.harness.history.state;

import dev.agentcoord.harness.history.Call;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The beginnings and ends of steps as a linked list in the order of time, out of which steps are taken and into which they are put back:
 * the data structure of Lowe's and of Porcupine's checker. Entry 0 is the head; the beginning of step i is 1 + 2i, its end 2 + 2i. Where a
 * beginning and an end fall together the beginning is first, so that the two overlap. Not thread-safe.
 */
final class Timeline {
    private static final int HEAD = 0;
    /** No entry. */
    static final int NONE = -1;

    private final List<Step> steps;
    private final int[] next;
    private final int[] previous;

    Timeline(List<Step> steps) {
        this.steps = steps;
        int entries = 1 + 2 * steps.size();
        next = new int[entries];
        previous = new int[entries];
        int[] order = IntStream.range(1, entries)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(this::time).thenComparing(entry -> !begins(entry)))
                .mapToInt(Integer::intValue)
                .toArray();
        Arrays.fill(next, NONE);
        int last = HEAD;
        for (int entry : order) {
            next[last] = entry;
            previous[entry] = last;
            last = entry;
        }
    }

    int first() {
        return next[HEAD];
    }

    int after(int entry) {
        return next[entry];
    }

    boolean begins(int entry) {
        return entry % 2 == 1;
    }

    int step(int entry) {
        return (entry - 1) / 2;
    }

    /** Whether only steps are left that may never have had an effect. */
    boolean isOver(int entry) {
        return entry == NONE || (!begins(entry) && time(entry) == Call.NEVER);
    }

    /** Takes a step out. */
    void lift(int step) {
        unlink(1 + 2 * step);
        unlink(2 + 2 * step);
    }

    /** Puts back the step that was taken out last. */
    void putBack(int step) {
        relink(2 + 2 * step);
        relink(1 + 2 * step);
    }

    private long time(int entry) {
        Step step = steps.get(step(entry));
        return begins(entry) ? step.invoked() : step.completed();
    }

    private void unlink(int entry) {
        next[previous[entry]] = next[entry];
        if (next[entry] != NONE) {
            previous[next[entry]] = previous[entry];
        }
    }

    private void relink(int entry) {
        next[previous[entry]] = entry;
        if (next[entry] != NONE) {
            previous[next[entry]] = entry;
        }
    }
}
