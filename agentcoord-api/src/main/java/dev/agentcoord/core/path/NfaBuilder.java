package dev.agentcoord.core.path;

import dev.agentcoord.core.path.GlobNode.Choice;
import dev.agentcoord.core.path.GlobNode.Literal;
import dev.agentcoord.core.path.GlobNode.OneOf;
import dev.agentcoord.core.path.GlobNode.Wildcard;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Builds automata from the end of a pattern to its start: each piece is given the state that follows it. Braces become
 * edges, never expanded patterns, so that the size is linear in the text.
 */
final class NfaBuilder {
    /** States and silent edges of one pattern; the product of two patterns is bounded by the square of it. */
    static final int MAX_SIZE = 512;

    /** Accepts the empty word only. */
    static final Nfa END = new NfaBuilder("").build(List.of());

    /** Accepts every path. */
    static final Nfa ANY_PATH = new NfaBuilder("**").build(List.of(List.of(Wildcard.GLOBSTAR)));

    private final String pattern;
    private final List<CodePoints> labels = new ArrayList<>();
    private final List<Integer> targets = new ArrayList<>();
    private final List<int[]> silents = new ArrayList<>();
    private int size;

    NfaBuilder(String pattern) {
        this.pattern = pattern;
        add(CodePoints.SEPARATOR, -1);
    }

    Nfa build(List<List<GlobNode>> segments) {
        int start = Nfa.ACCEPT;
        for (int i = segments.size() - 1; i >= 0; i--) {
            start = sequence(segments.get(i), add(CodePoints.SEPARATOR, start));
        }
        return new Nfa(
                labels.toArray(new CodePoints[0]),
                targets.stream().mapToInt(Integer::intValue).toArray(),
                silents.toArray(new int[0][]),
                start);
    }

    private int sequence(List<GlobNode> nodes, int next) {
        int first = next;
        for (int i = nodes.size() - 1; i >= 0; i--) {
            first = node(nodes.get(i), first);
        }
        return first;
    }

    private int node(GlobNode node, int next) {
        if (node instanceof Literal literal) {
            return add(CodePoints.of(literal.codePoint()), next);
        }
        if (node instanceof OneOf one) {
            return add(one.set(), next);
        }
        if (node instanceof Choice choice) {
            int[] branches = choice.branches().stream()
                    .mapToInt(branch -> sequence(branch, next))
                    .toArray();
            return add(CodePoints.NAME, -1, branches);
        }
        if (node == Wildcard.SEPARATOR) {
            return add(CodePoints.SEPARATOR, next);
        }
        if (node == Wildcard.STAR) {
            return add(CodePoints.NAME, labels.size(), next);
        }
        return globstar(next);
    }

    /** Any number of segments with their separators, and with them the separator that the pattern has behind it. */
    private int globstar(int next) {
        int segments = labels.size();
        int within = segments + 1;
        add(CodePoints.NAME, within, behindSeparators(next));
        add(CodePoints.NAME, within, segments + 2);
        add(CodePoints.SEPARATOR, segments);
        return segments;
    }

    private int[] behindSeparators(int next) {
        BitSet seen = new BitSet();
        List<Integer> behind = new ArrayList<>();
        collectBehind(next, seen, behind);
        return behind.stream().mapToInt(Integer::intValue).toArray();
    }

    private void collectBehind(int state, BitSet seen, List<Integer> behind) {
        if (seen.get(state)) {
            return;
        }
        seen.set(state);
        for (int next : silents.get(state)) {
            collectBehind(next, seen, behind);
        }
        if (targets.get(state) >= 0) {
            if (labels.get(state) != CodePoints.SEPARATOR) {
                throw GlobSegments.notWhole(pattern);
            }
            behind.add(targets.get(state));
        }
    }

    private int add(CodePoints label, int target, int... silent) {
        size += 1 + silent.length;
        if (size > MAX_SIZE) {
            throw PathSyntax.refused(
                    pattern,
                    "is too large a pattern (over " + MAX_SIZE + " steps); ask for a tree or several patterns");
        }
        labels.add(label);
        targets.add(target);
        silents.add(silent);
        return labels.size() - 1;
    }
}
