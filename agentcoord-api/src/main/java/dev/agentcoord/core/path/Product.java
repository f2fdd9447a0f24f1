package dev.agentcoord.core.path;

import dev.agentcoord.core.path.PathPattern.File;
import dev.agentcoord.core.path.PathPattern.Matching;
import dev.agentcoord.core.path.PathPattern.Tree;
import java.util.BitSet;

/** Compares two sets of paths: the literal parts as names, what follows them as automata. */
final class Product {
    /** Nodes after which it is left open whether a glob covers a set: patterns people write need dozens. */
    private static final int COVER_BUDGET = 2_000;

    private Product() {}

    static boolean overlap(PathPattern a, PathPattern b) {
        if (b.anchor().isWithin(a.anchor())) {
            return Intersection.isPossible(rest(a), ahead(a, b), rest(b), rest(b).after(""));
        }
        return a.anchor().isWithin(b.anchor())
                && Intersection.isPossible(rest(a), rest(a).after(""), rest(b), ahead(b, a));
    }

    static boolean covers(PathPattern outer, PathPattern inner) {
        if (inner instanceof File file) {
            return outer.matches(file.path());
        }
        if (outer.equals(inner) || (outer instanceof Tree && inner.anchor().isWithin(outer.anchor()))) {
            return true;
        }
        if (inner instanceof Tree && !outer.matches(inner.anchor())) {
            return false;
        }
        // The automaton of a file or tree is deterministic: it can be in few sets of states, so no budget is needed.
        int budget = outer instanceof Matching ? COVER_BUDGET : Integer.MAX_VALUE;
        if (inner.anchor().isWithin(outer.anchor())) {
            return Inclusion.holds(rest(inner), rest(inner).after(""), rest(outer), ahead(outer, inner), budget);
        }
        return outer.anchor().isWithin(inner.anchor()) && coversFromAbove(outer, inner, budget);
    }

    private static boolean coversFromAbove(PathPattern outer, PathPattern inner, int budget) {
        Nfa whole = rest(outer).behind(outer.anchor().below(inner.anchor()));
        return Inclusion.holds(rest(inner), rest(inner).after(""), whole, whole.after(""), budget);
    }

    /** Where the rest of a pattern stands once the literal part of a deeper one has been read. */
    private static BitSet ahead(PathPattern pattern, PathPattern deeper) {
        return rest(pattern).after(deeper.anchor().below(pattern.anchor()));
    }

    private static Nfa rest(PathPattern pattern) {
        if (pattern instanceof Matching matching) {
            return matching.glob().rest();
        }
        return pattern instanceof Tree ? NfaBuilder.ANY_PATH : NfaBuilder.END;
    }
}
