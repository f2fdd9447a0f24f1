package dev.agentcoord.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.agentcoord.InvalidRequestException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random pairs of patterns against an oracle that enumerates paths: every path of up to a number of letters is matched
 * by backtracking over the expanded patterns, and the two sets of matches are compared.
 *
 * <p><b>Why the enumeration suffices for overlap.</b> Take a shortest path that both patterns match, with one expansion
 * of each. A segment that both match within a {@code **} could be left out, so every segment is matched by an explicit
 * segment of one or both. In it, a letter that both match with a {@code *} (or one with {@code *}, the other with
 * {@code **}) could be left out as well, unless the rest is no name: empty, {@code .} or {@code ..}; then one letter,
 * which may be any, is kept. So a segment has at most as many letters as the explicit segments have fixed pieces, or one
 * if there is none, and one more if the rest can be dots. That can only be where a pattern mentions the dot, for {@code ?}
 * and negated classes can take another letter: one letter of the enumeration, c, is mentioned nowhere. This sum is
 * {@link SamplePattern#weight}, and pairs are drawn whose weights together do not exceed the letters enumerated.
 *
 * <p>For covers, a false is always proved by a path found; a true is checked up to the same length, which is a check and
 * no proof.
 *
 * <p>The long form: {@code -Dagentcoord.pairs=1000000}; another seed: {@code -Dagentcoord.seed=7}.
 */
final class GlobOracleTest {
    private static final List<String> LETTERS = List.of("a", "b", ".", "c");
    private static final int SHORT_FORM = 20_000;
    private static final int MAX_WEIGHT = 3;

    private final int pairs = Integer.getInteger("agentcoord.pairs", SHORT_FORM);
    private final long seed = Long.getLong("agentcoord.seed", 20_260_401L);
    private final Random random = new Random(seed);
    private final int letters = pairs > SHORT_FORM ? 2 * MAX_WEIGHT : 2 * MAX_WEIGHT - 1;
    private final List<String> universe = paths(letters);
    private int overlapping;
    private int covering;

    private record Candidate(SamplePattern sample, PathPattern pattern, BitSet matched) {}

    @Test
    void overlapsMatchesAndCoversAgreeWithEnumeration() {
        List<Candidate> candidates = candidates(Math.max(200, pairs / 400));
        for (int i = 0; i < pairs; ) {
            Candidate a = candidates.get(random.nextInt(candidates.size()));
            Candidate b = candidates.get(random.nextInt(candidates.size()));
            if (a.sample.weight() + b.sample.weight() <= letters) {
                compare(a, b);
                i++;
            }
        }
        System.out.printf(
                "%d pairs, seed %d, %d patterns, %d paths: %d overlap, %d cover%n",
                pairs, seed, candidates.size(), universe.size(), overlapping, covering);
        assertThat(overlapping).as("pairs that overlap").isBetween(pairs / 10, pairs * 9 / 10);
        assertThat(covering).as("pairs that cover").isGreaterThan(pairs / 100);
    }

    private List<Candidate> candidates(int count) {
        List<List<String>> segments =
                universe.stream().map(path -> PathName.of(path).segments()).toList();
        List<PathName> names = universe.stream().map(PathName::of).toList();
        SamplePatterns samples = new SamplePatterns(random);
        List<Candidate> candidates = new ArrayList<>();
        while (candidates.size() < count) {
            SamplePattern sample = samples.next(MAX_WEIGHT);
            if (sample.isWellFormed()) {
                candidates.add(candidate(sample, segments, names));
            } else {
                assertThatThrownBy(sample::compile).as("%s", sample).isInstanceOf(InvalidRequestException.class);
            }
        }
        return candidates;
    }

    private Candidate candidate(SamplePattern sample, List<List<String>> segments, List<PathName> names) {
        PathPattern pattern = sample.compile();
        BitSet matched = new BitSet(names.size());
        for (int i = 0; i < names.size(); i++) {
            boolean expected = sample.matches(segments.get(i));
            matched.set(i, expected);
            if (pattern.matches(names.get(i)) != expected) {
                fail("seed %d: %s matches %s: expected %s", seed, sample, names.get(i), expected);
            }
        }
        return new Candidate(sample, pattern, matched);
    }

    private void compare(Candidate a, Candidate b) {
        boolean overlap = a.matched.intersects(b.matched);
        BitSet uncovered = (BitSet) b.matched.clone();
        uncovered.andNot(a.matched);
        boolean cover = uncovered.isEmpty();
        overlapping += overlap ? 1 : 0;
        covering += cover ? 1 : 0;
        if (a.pattern.overlaps(b.pattern) != overlap || b.pattern.overlaps(a.pattern) != overlap) {
            fail("seed %d: %s overlaps %s: expected %s", seed, a.sample, b.sample, overlap);
        }
        if (a.pattern.covers(b.pattern) != cover) {
            fail("seed %d: %s covers %s: expected %s", seed, a.sample, b.sample, cover);
        }
    }

    /** The root and every path whose segments have up to so many letters in all. */
    private static List<String> paths(int letters) {
        List<String> paths = new ArrayList<>();
        paths.add(".");
        extend("", "", letters, paths);
        return paths;
    }

    private static void extend(String before, String segment, int letters, List<String> paths) {
        boolean isName = !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
        if (isName) {
            paths.add(before + segment);
        }
        if (letters > 0) {
            for (String letter : LETTERS) {
                extend(before, segment + letter, letters - 1, paths);
                if (isName) {
                    extend(before + segment + '/', letter, letters - 1, paths);
                }
            }
        }
    }
}
