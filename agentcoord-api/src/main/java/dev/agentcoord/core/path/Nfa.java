package dev.agentcoord.core.path;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A nondeterministic automaton (Thompson 1968) over the words of paths. The word of a path is each of its segments
 * followed by a separator, so that the root is the empty word and every segment, the last one too, ends alike.
 *
 * <p>A state has at most one edge that reads a code point and any number that read nothing; their total is bounded when
 * the automaton is built, and with it the work of everything done here.
 */
final class Nfa {
    static final int ACCEPT = 0;

    private final CodePoints[] label;
    private final int[] target;
    private final int[][] silent;
    private final int start;

    /** Takes its arrays over; a state without an edge that reads has the target -1. */
    Nfa(CodePoints[] label, int[] target, int[][] silent, int start) {
        this.label = label;
        this.target = target;
        this.silent = silent;
        this.start = start;
    }

    int size() {
        return target.length;
    }

    boolean reads(int state) {
        return target[state] >= 0;
    }

    CodePoints label(int state) {
        return label[state];
    }

    int target(int state) {
        return target[state];
    }

    int[] silent(int state) {
        return silent[state];
    }

    boolean accepts(String path) {
        return after(path).get(ACCEPT);
    }

    /** The states that the word of a relative path, empty for the root, leads to. */
    BitSet after(String path) {
        BitSet states = new BitSet(size());
        enter(states, start);
        if (path.isEmpty()) {
            return states;
        }
        for (int i = 0, codePoint; i < path.length() && !states.isEmpty(); i += Character.charCount(codePoint)) {
            codePoint = path.codePointAt(i);
            states = step(states, codePoint);
        }
        return step(states, '/');
    }

    BitSet step(BitSet from, int codePoint) {
        BitSet reached = new BitSet(size());
        for (int state = from.nextSetBit(0); state >= 0; state = from.nextSetBit(state + 1)) {
            if (reads(state) && label[state].contains(codePoint)) {
                enter(reached, target[state]);
            }
        }
        return reached;
    }

    /** An automaton for the paths of this one moved below a directory. */
    Nfa behind(String directory) {
        int[] word = (directory + '/').codePoints().toArray();
        int all = size() + word.length;
        CodePoints[] labels = Arrays.copyOf(label, all);
        int[] targets = Arrays.copyOf(target, all);
        int[][] silents = Arrays.copyOf(silent, all);
        for (int i = 0; i < word.length; i++) {
            int state = all - 1 - i;
            labels[state] = CodePoints.of(word[i]);
            targets[state] = i == word.length - 1 ? start : state - 1;
            silents[state] = new int[0];
        }
        return new Nfa(labels, targets, silents, all - 1);
    }

    private void enter(BitSet states, int state) {
        if (!states.get(state)) {
            states.set(state);
            for (int next : silent[state]) {
                enter(states, next);
            }
        }
    }
}
