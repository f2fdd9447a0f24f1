package dev.agentcoord.core.path;

import dev.agentcoord.core.path.SamplePatterns.Piece;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern with its meaning, as lists of segments free of braces, and a matcher by plain backtracking that shares
 * nothing with the automata.
 *
 * @param expansions each a list of segments; a segment is a list of pieces
 */
record SamplePattern(String kind, String text, List<List<List<Piece>>> expansions) {
    static SamplePattern of(String text, List<List<Piece>> expansions) {
        return new SamplePattern(
                "glob", text, expansions.stream().map(SamplePattern::cut).toList());
    }

    SamplePattern asFile() {
        return new SamplePattern("file", text, expansions);
    }

    SamplePattern asTree() {
        List<List<Piece>> segments = new ArrayList<>(expansions.get(0));
        segments.add(List.of(Piece.GLOBSTAR));
        return new SamplePattern("tree", text, List.of(segments));
    }

    PathPattern compile() {
        return switch (kind) {
            case "file" -> PathPattern.file(PathName.of(text));
            case "tree" -> PathPattern.tree(PathName.of(text));
            default -> PathPattern.glob(Glob.of(text));
        };
    }

    boolean isLiteral() {
        return text.chars().allMatch(c -> "ab./".indexOf(c) >= 0);
    }

    /** Whether every ** stands alone in its segment, whichever branches are taken. */
    boolean isWellFormed() {
        return expansions.stream()
                .flatMap(List::stream)
                .allMatch(segment -> segment.size() == 1 || !segment.contains(Piece.GLOBSTAR));
    }

    /** Bounds the letters of the shortest path in the overlap with another pattern; see {@link GlobOracleTest}. */
    int weight() {
        return expansions.stream()
                .mapToInt(segments ->
                        segments.stream().mapToInt(SamplePattern::weight).sum())
                .max()
                .orElseThrow();
    }

    boolean matches(List<String> path) {
        return expansions.stream().anyMatch(segments -> matches(segments, 0, path, 0));
    }

    @Override
    public String toString() {
        return kind + ":" + text;
    }

    private static int weight(List<Piece> segment) {
        if (segment.equals(List.of(Piece.GLOBSTAR))) {
            return 0;
        }
        int fixed = (int)
                segment.stream().filter(piece -> !piece.equals(Piece.STAR)).count();
        boolean mentionsDot = segment.stream()
                .anyMatch(piece -> piece.text().contains(".") && !piece.text().startsWith("[^"));
        return Math.max(1, fixed) + (mentionsDot ? 1 : 0);
    }

    private static boolean matches(List<List<Piece>> segments, int i, List<String> path, int j) {
        if (i == segments.size()) {
            return j == path.size();
        }
        if (segments.get(i).equals(List.of(Piece.GLOBSTAR))) {
            return matches(segments, i + 1, path, j) || (j < path.size() && matches(segments, i, path, j + 1));
        }
        return j < path.size()
                && matchesName(segments.get(i), 0, path.get(j), 0)
                && matches(segments, i + 1, path, j + 1);
    }

    private static boolean matchesName(List<Piece> pieces, int i, String name, int j) {
        if (i == pieces.size()) {
            return j == name.length();
        }
        if (pieces.get(i).equals(Piece.STAR)) {
            return matchesName(pieces, i + 1, name, j) || (j < name.length() && matchesName(pieces, i, name, j + 1));
        }
        return j < name.length()
                && pieces.get(i).letters().indexOf(name.charAt(j)) >= 0
                && matchesName(pieces, i + 1, name, j + 1);
    }

    private static List<List<Piece>> cut(List<Piece> pieces) {
        List<List<Piece>> segments = new ArrayList<>();
        List<Piece> segment = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece.equals(Piece.SLASH)) {
                segments.add(segment);
                segment = new ArrayList<>();
            } else {
                segment.add(piece);
            }
        }
        segments.add(segment);
        return segments;
    }
}
