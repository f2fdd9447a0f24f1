package dev.agentcoord.core.path;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Random patterns over a few letters, each with its meaning spelled out by expanding every brace. */
final class SamplePatterns {
    /** The letters that patterns may mention. */
    private static final String MENTIONED = "ab.";

    private static final List<String> CLASSES = List.of("[ab]", "[a-b]", "[!a]", "[^b.]", "[.b]", "[!a-b]");
    private static final List<String> CLASS_MEMBERS = List.of("ab", "ab", "b.c", "ac", ".b", ".c");
    private static final int MAX_EXPANSIONS = 16;

    private final Random random;

    SamplePatterns(Random random) {
        this.random = random;
    }

    /** A glob, file or tree of at most the given weight; empty where the text is no pattern. */
    SamplePattern next(int maxWeight) {
        while (true) {
            List<Piece> pieces = random.nextInt(4) == 0 ? literalPath() : segments(2);
            List<List<Piece>> expansions = expand(pieces);
            if (expansions.size() <= MAX_EXPANSIONS && !standsForDots(pieces)) {
                SamplePattern sample = SamplePattern.of(text(pieces), expansions);
                if (sample.weight() <= maxWeight) {
                    return random.nextInt(8) == 0 ? sample : asPathWherePossible(sample);
                }
            }
        }
    }

    private SamplePattern asPathWherePossible(SamplePattern sample) {
        if (!sample.isLiteral()) {
            return sample;
        }
        return random.nextBoolean() ? sample.asFile() : sample.asTree();
    }

    private List<Piece> literalPath() {
        List<Piece> pieces = new ArrayList<>();
        int segments = 1 + random.nextInt(3);
        for (int i = 0; i < segments; i++) {
            if (i > 0) {
                pieces.add(Piece.SLASH);
            }
            pieces.add(letter());
            if (random.nextInt(3) == 0) {
                pieces.add(letter());
            }
        }
        return pieces;
    }

    private List<Piece> segments(int nesting) {
        List<Piece> pieces = new ArrayList<>();
        int segments = 1 + random.nextInt(3);
        for (int i = 0; i < segments; i++) {
            if (i > 0) {
                pieces.add(Piece.SLASH);
            }
            if (random.nextInt(4) == 0) {
                pieces.add(Piece.GLOBSTAR);
            } else {
                pieces.addAll(segment(nesting));
            }
        }
        return pieces;
    }

    private List<Piece> segment(int nesting) {
        List<Piece> pieces = new ArrayList<>();
        int elements = 1 + random.nextInt(3);
        for (int i = 0; i < elements; i++) {
            boolean afterStar = i > 0 && pieces.get(i - 1).equals(Piece.STAR);
            pieces.add(element(nesting, !afterStar));
        }
        return pieces;
    }

    private Piece element(int nesting, boolean starAllowed) {
        int kind = random.nextInt(10);
        if (kind < 4) {
            return letter();
        }
        if (kind == 4) {
            return new Piece("?", "ab.c", List.of());
        }
        if (kind < 7) {
            int which = random.nextInt(CLASSES.size());
            return new Piece(CLASSES.get(which), CLASS_MEMBERS.get(which), List.of());
        }
        if (kind == 7 && nesting > 0) {
            return choice(nesting - 1);
        }
        return starAllowed ? Piece.STAR : letter();
    }

    private Piece choice(int nesting) {
        List<List<Piece>> branches = new ArrayList<>();
        int count = 2 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(8);
            branches.add(kind == 0 ? List.of() : kind < 3 ? segments(nesting) : segment(nesting));
        }
        String text = branches.stream().map(SamplePatterns::text).collect(Collectors.joining(",", "{", "}"));
        return new Piece(text, "", branches);
    }

    private Piece letter() {
        String letter = MENTIONED.substring(random.nextInt(7) / 3).substring(0, 1);
        return new Piece(letter, letter, List.of());
    }

    /** A plain dot segment is dropped or refused when a glob is read, which other tests cover. */
    private static boolean standsForDots(List<Piece> pieces) {
        for (String segment : text(pieces).split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return true;
            }
        }
        return text(pieces).contains("***");
    }

    private static String text(List<Piece> pieces) {
        return pieces.stream().map(Piece::text).collect(Collectors.joining());
    }

    private static List<List<Piece>> expand(List<Piece> pieces) {
        List<List<Piece>> expansions = List.of(List.of());
        for (Piece piece : pieces) {
            List<List<Piece>> endings = piece.branches().isEmpty()
                    ? List.of(List.of(piece))
                    : piece.branches().stream()
                            .flatMap(branch -> expand(branch).stream())
                            .toList();
            List<List<Piece>> longer = new ArrayList<>();
            for (List<Piece> expansion : expansions) {
                for (List<Piece> ending : endings) {
                    List<Piece> joined = new ArrayList<>(expansion);
                    joined.addAll(ending);
                    longer.add(joined);
                }
            }
            expansions = longer;
        }
        return expansions;
    }

    /** A piece of a pattern: its text, and the letters it stands for or the branches it has. */
    record Piece(String text, String letters, List<List<Piece>> branches) {
        static final Piece SLASH = new Piece("/", "", List.of());
        static final Piece STAR = new Piece("*", "", List.of());
        static final Piece GLOBSTAR = new Piece("**", "", List.of());
    }
}
