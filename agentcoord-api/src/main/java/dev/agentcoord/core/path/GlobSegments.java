package dev.agentcoord.core.path;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.core.path.GlobNode.Choice;
import dev.agentcoord.core.path.GlobNode.Literal;
import dev.agentcoord.core.path.GlobNode.Wildcard;
import java.util.ArrayList;
import java.util.List;

/** A parsed pattern, cut at the separators outside braces and brought into canonical form. */
final class GlobSegments {
    private static final Literal DOT = new Literal('.');
    private static final int SEGMENT_START = 1;
    private static final int INSIDE_SEGMENT = 2;

    private GlobSegments() {}

    static List<List<GlobNode>> of(String typed) {
        List<GlobNode> nodes = GlobParser.parse(typed);
        if (nodes.get(0) == Wildcard.SEPARATOR) {
            throw PathSyntax.refused(typed, "is absolute; give it relative to the root of the repository");
        }
        requireWholeGlobstars(nodes, SEGMENT_START, typed);
        List<List<GlobNode>> segments = new ArrayList<>();
        for (List<GlobNode> segment : cut(nodes)) {
            if (segment.equals(List.of(DOT, DOT))) {
                throw PathSyntax.refused(typed, "holds ..; write the pattern from the root of the repository");
            }
            if (!isRedundant(segment, segments)) {
                segments.add(segment);
            }
        }
        return segments;
    }

    static InvalidRequestException notWhole(String typed) {
        return PathSyntax.refused(
                typed, "has ** beside other characters; it stands between separators, as in src/**/*.java");
    }

    /** Empty segments and {@code .} say nothing, nor does a second {@code **} directly behind the first. */
    private static boolean isRedundant(List<GlobNode> segment, List<List<GlobNode>> before) {
        boolean repeated = segment.equals(List.of(Wildcard.GLOBSTAR))
                && !before.isEmpty()
                && before.get(before.size() - 1).equals(segment);
        return segment.isEmpty() || segment.equals(List.of(DOT)) || repeated;
    }

    private static List<List<GlobNode>> cut(List<GlobNode> nodes) {
        List<List<GlobNode>> segments = new ArrayList<>();
        List<GlobNode> segment = new ArrayList<>();
        for (GlobNode node : nodes) {
            if (node == Wildcard.SEPARATOR) {
                segments.add(segment);
                segment = new ArrayList<>();
            } else {
                segment.add(node);
            }
        }
        segments.add(segment);
        return segments;
    }

    /**
     * Requires that nothing but a separator can stand before a {@code **}, whichever branches are taken; what stands
     * behind it is checked where its automaton is built.
     *
     * @return the places within a segment at which the nodes can end
     */
    private static int requireWholeGlobstars(List<GlobNode> nodes, int place, String typed) {
        int now = place;
        for (GlobNode node : nodes) {
            if (node == Wildcard.GLOBSTAR && now != SEGMENT_START) {
                throw notWhole(typed);
            }
            if (node instanceof Choice choice) {
                int ends = 0;
                for (List<GlobNode> branch : choice.branches()) {
                    ends |= requireWholeGlobstars(branch, now, typed);
                }
                now = ends;
            } else {
                now = node == Wildcard.SEPARATOR ? SEGMENT_START : INSIDE_SEGMENT;
            }
        }
        return now;
    }
}
