package dev.agentcoord.core.path;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Whether some path is accepted by two automata: a search through their product, which visits each pair of states at
 * most once per {@link SegmentShape}. Not for reuse, one thread only.
 */
final class Intersection {
    private static final int[] KINDS = {CodePoints.OTHER, CodePoints.DOT, CodePoints.SLASH};

    private final Nfa left;
    private final Nfa right;
    private final BitSet seen;
    private int[] stack = new int[64];
    private int depth;

    private Intersection(Nfa left, Nfa right) {
        this.left = left;
        this.right = right;
        this.seen = new BitSet(left.size() * right.size() * SegmentShape.COUNT);
    }

    /** Both start at the same boundary between segments, each in any of its given states. */
    static boolean isPossible(Nfa left, BitSet leftStart, Nfa right, BitSet rightStart) {
        Intersection search = new Intersection(left, right);
        leftStart.stream().forEach(a -> rightStart.stream().forEach(b -> search.visit(a, b, SegmentShape.START)));
        return search.run();
    }

    private boolean run() {
        while (depth > 0) {
            int next = stack[--depth];
            int shape = next % SegmentShape.COUNT;
            int b = next / SegmentShape.COUNT % right.size();
            int a = next / SegmentShape.COUNT / right.size();
            if (a == Nfa.ACCEPT && b == Nfa.ACCEPT && shape == SegmentShape.START) {
                return true;
            }
            expand(a, b, shape);
        }
        return false;
    }

    private void expand(int a, int b, int shape) {
        for (int next : left.silent(a)) {
            visit(next, b, shape);
        }
        for (int next : right.silent(b)) {
            visit(a, next, shape);
        }
        if (left.reads(a) && right.reads(b)) {
            int common = left.label(a).meet(right.label(b));
            for (int kind : KINDS) {
                if ((common & kind) != 0) {
                    visit(left.target(a), right.target(b), SegmentShape.after(shape, kind));
                }
            }
        }
    }

    private void visit(int a, int b, int shape) {
        int pair = (a * right.size() + b) * SegmentShape.COUNT + shape;
        if (shape == SegmentShape.DEAD || seen.get(pair)) {
            return;
        }
        seen.set(pair);
        if (depth == stack.length) {
            stack = Arrays.copyOf(stack, 2 * depth);
        }
        stack[depth++] = pair;
    }
}
