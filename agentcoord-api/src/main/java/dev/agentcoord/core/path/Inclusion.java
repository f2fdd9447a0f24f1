package dev.agentcoord.core.path;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether one automaton accepts every path that another does: a search for a counterexample, through the states of the
 * inner one and the sets of states the outer one can be in. Not for reuse, one thread only.
 */
final class Inclusion {
    private record Node(int inner, int shape, BitSet outer) {}

    private final Nfa inner;
    private final Nfa outer;
    private final int budget;
    private final Set<Node> seen = new HashSet<>();
    private final Deque<Node> open = new ArrayDeque<>();

    private Inclusion(Nfa inner, Nfa outer, int budget) {
        this.inner = inner;
        this.outer = outer;
        this.budget = budget;
    }

    /** Both start at the same boundary between segments; false also when more than the budget of nodes were needed. */
    static boolean holds(Nfa inner, BitSet innerStart, Nfa outer, BitSet outerStart, int budget) {
        Inclusion search = new Inclusion(inner, outer, budget);
        innerStart.stream().forEach(state -> search.visit(state, SegmentShape.START, outerStart));
        return search.findsNoCounterexample();
    }

    private boolean findsNoCounterexample() {
        while (!open.isEmpty()) {
            Node node = open.pop();
            boolean isPath = node.inner == Nfa.ACCEPT && node.shape == SegmentShape.START;
            if ((isPath && !node.outer.get(Nfa.ACCEPT)) || seen.size() > budget) {
                return false;
            }
            expand(node);
        }
        return true;
    }

    private void expand(Node node) {
        for (int next : inner.silent(node.inner)) {
            visit(next, node.shape, node.outer);
        }
        if (inner.reads(node.inner)) {
            int target = inner.target(node.inner);
            for (int codePoint : representatives(node)) {
                int shape = SegmentShape.after(node.shape, CodePoints.kind(codePoint));
                visit(target, shape, outer.step(node.outer, codePoint));
            }
        }
    }

    private void visit(int state, int shape, BitSet outerStates) {
        Node node = new Node(state, shape, outerStates);
        if (shape != SegmentShape.DEAD && seen.add(node)) {
            open.push(node);
        }
    }

    /** One code point out of each part of the inner label that all labels of the outer states treat alike. */
    private Set<Integer> representatives(Node node) {
        Set<Integer> cuts = new TreeSet<>();
        CodePoints label = inner.label(node.inner);
        addCuts(cuts, label);
        addCuts(cuts, CodePoints.of('.'));
        node.outer.stream().filter(outer::reads).forEach(state -> addCuts(cuts, outer.label(state)));
        cuts.removeIf(codePoint -> !label.contains(codePoint));
        return cuts;
    }

    private static void addCuts(Set<Integer> cuts, CodePoints label) {
        for (int cut : label.cuts()) {
            cuts.add(cut);
        }
    }
}
