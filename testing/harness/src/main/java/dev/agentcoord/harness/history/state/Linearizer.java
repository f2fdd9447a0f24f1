package dev.agentcoord.harness.history.state;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of the steps on one key that keeps their order in real time and explains what they returned: the algorithm of Wing
 * and Gong, with Lowe's memory of what was tried, as in Knossos and Porcupine. Steps whose answer never came may come at any later time,
 * or not at all.
 *
 * <p>What changes nothing is put in order as soon as it fits, which is never worse than later; a change only when a step that is about to
 * end needs one. Since revisions rise there is one certain change at most that can be next, so that only unanswered writes which nobody
 * read ever leave a choice. Not thread-safe.
 */
final class Linearizer {
    private static final int BITS = Long.SIZE;
    /** Words of memory for what was tried. */
    private static final long MEMORY = 16_000_000;

    private final List<Step> steps;
    private final Timeline timeline;
    private final Ranks ranks;
    private final long[] done;
    private final Set<Tried> tried = new HashSet<>();
    private final Deque<Node> path = new ArrayDeque<>();
    private final long budget;
    private KeyState state = KeyState.START;
    private int most = -1;
    private List<Step> stuck = List.of();

    Linearizer(List<Step> steps) {
        this(steps, MEMORY);
    }

    /** Gives up after as many tries as fit into {@code memory}. */
    Linearizer(List<Step> steps, long memory) {
        this.steps = steps;
        this.timeline = new Timeline(steps);
        this.ranks = new Ranks(steps);
        this.done = new long[(steps.size() + BITS - 1) / BITS];
        this.budget = memory / Math.max(1, done.length);
    }

    /** What was found out. */
    enum Answer {
        /** There is such an order. */
        YES,
        /** There is none. */
        NO,
        /** None was found within the budget. */
        UNDECIDED
    }

    /** A change that was made, what was put in order since, and what else might be tried in its place. */
    private static final class Node {
        private final KeyState before;
        private final Deque<Integer> choices;
        private final Deque<Integer> taken = new ArrayDeque<>();

        Node(KeyState before, Deque<Integer> choices) {
            this.before = before;
            this.choices = choices;
        }
    }

    /** Which steps were taken, in whatever order, and where that led. */
    private static final class Tried {
        private final long[] done;
        private final KeyState state;
        private final int hash;

        Tried(long[] done, KeyState state) {
            this.done = done.clone();
            this.state = state;
            this.hash = 31 * Arrays.hashCode(done) + state.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object o) {
            return o instanceof Tried other
                    && hash == other.hash
                    && state.equals(other.state)
                    && Arrays.equals(done, other.done);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    Answer answer() {
        path.push(new Node(state, new ArrayDeque<>()));
        while (true) {
            if (takeWhatFits()) {
                return Answer.YES;
            }
            remember();
            if (tried.size() >= budget) {
                return Answer.UNDECIDED;
            }
            path.push(new Node(state, changes()));
            while (!change()) {
                path.pop();
                if (path.isEmpty()) {
                    return Answer.NO;
                }
            }
        }
    }

    /** For people: the step that could not come, and those that did before, after the longest order found. */
    List<Step> stuck() {
        return stuck;
    }

    /** Takes all that changes nothing; tells whether nothing is left that certainly happened. */
    private boolean takeWhatFits() {
        int entry = timeline.first();
        while (!timeline.isOver(entry) && timeline.begins(entry)) {
            int step = timeline.step(entry);
            Touch touch = steps.get(step).touch();
            int next = timeline.after(entry);
            if (!touch.isWrite() && touch.seen().fits(state.version())) {
                take(step);
                next = timeline.first();
            }
            entry = next;
        }
        return timeline.isOver(entry);
    }

    /** The changes that can come now, the certain one first. */
    private Deque<Integer> changes() {
        Deque<Integer> changes = new ArrayDeque<>();
        List<Integer> open = open();
        for (int step : open) {
            Touch touch = steps.get(step).touch();
            KeyState next = touch.isWrite() ? state.after(touch, ranks) : null;
            if (next == null) {
                continue;
            }
            if (steps.get(step).isCertain()) {
                changes.addFirst(step);
            } else if (next.written() > state.written() || isOfUse(next, open)) {
                changes.addLast(step);
            }
        }
        return changes;
    }

    /** Whether an open step can come after a change that nobody read, and could not before: else it need never have been. */
    private boolean isOfUse(KeyState next, List<Integer> open) {
        return open.stream()
                .map(step -> steps.get(step).touch().seen())
                .anyMatch(seen -> seen.fits(next.version()) && !seen.fits(state.version()));
    }

    /** Steps that have begun before the first one that is left ends. */
    private List<Integer> open() {
        List<Integer> open = new ArrayList<>();
        int entry = timeline.first();
        while (entry != Timeline.NONE && timeline.begins(entry)) {
            open.add(timeline.step(entry));
            entry = timeline.after(entry);
        }
        return open;
    }

    /** Makes the next change that the last node has a choice of and that leads to something new. */
    private boolean change() {
        Node node = path.element();
        undo(node);
        while (!node.choices.isEmpty()) {
            int step = node.choices.remove();
            KeyState next = state.after(steps.get(step).touch(), ranks);
            take(step);
            if (next != null && tried.add(new Tried(done, next))) {
                state = next;
                return true;
            }
            undo(node);
        }
        return false;
    }

    private void take(int step) {
        done[step / BITS] ^= 1L << step;
        timeline.lift(step);
        path.element().taken.push(step);
    }

    private void undo(Node node) {
        while (!node.taken.isEmpty()) {
            int step = node.taken.pop();
            done[step / BITS] ^= 1L << step;
            timeline.putBack(step);
        }
        state = node.before;
    }

    private void remember() {
        int count = path.stream().mapToInt(node -> node.taken.size()).sum();
        if (count > most) {
            most = count;
            List<Step> last = new ArrayList<>();
            open().stream().limit(4).map(steps::get).forEach(last::add);
            path.stream()
                    .flatMap(node -> node.taken.stream())
                    .limit(4)
                    .map(steps::get)
                    .forEach(last::add);
            stuck = last;
        }
    }
}
