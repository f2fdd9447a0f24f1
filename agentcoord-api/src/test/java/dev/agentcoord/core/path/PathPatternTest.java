package dev.agentcoord.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class PathPatternTest {
    @Test
    void globsThatShareAPathOverlapThoughTheirTextsDoNotMatchEachOther() {
        assertOverlap(glob("src/*/a.ts"), glob("src/b/*"));
        assertOverlap(glob("src/**"), file("src/a/b.ts"));
        assertOverlap(glob("src/**"), file("src/a.py"));
        assertOverlap(glob("**/test/**"), glob("src/**/*.java"));
        assertOverlap(glob("{a,b}*/[!x]"), glob("*b/?"));
    }

    @Test
    void globsThatShareNoPathDoNotOverlap() {
        assertApart(glob("**/*.java"), glob("**/*.proto"));
        assertApart(glob("src/*"), glob("src/*/*"));
        assertApart(glob("[a-m]*"), glob("[n-z]*"));
        assertApart(glob("a?c"), glob("a??c"));
        assertApart(glob("src/**"), glob("doc/**"));
    }

    @Test
    void namesThatNoFileCanHaveMakeNoOverlap() {
        assertApart(glob("[.a]"), glob("[.b]"));
        assertApart(glob("?."), glob(".?"));
        assertOverlap(glob("?.?"), glob(".??"));
    }

    @Test
    void aTreeOverlapsWhatReachesIntoItOrHoldsIt() {
        PathPattern tree = tree("src/api");
        assertOverlap(tree, file("src/api"));
        assertOverlap(tree, file("src/api/new/Not-there.java"));
        assertOverlap(tree, tree("src"));
        assertOverlap(tree, tree("src/api/gen"));
        assertOverlap(tree, glob("**/*.proto"));
        assertOverlap(tree, glob("s*/*"));
        assertOverlap(tree, glob("src/api/x/*"));
        assertApart(tree, file("src/api-v2"));
        assertApart(tree, tree("src/ap"));
        assertApart(tree, glob("src/*.java"));
        assertApart(tree, glob("src/api-*/**"));
    }

    @Test
    void aFileOverlapsItselfOnly() {
        assertOverlap(file("a/b"), file("a/./b"));
        assertApart(file("a/b"), file("a"));
    }

    @Test
    void coveringIsHoldingEveryPathOfTheOther() {
        assertThat(tree("src").covers(file("src/a"))).isTrue();
        assertThat(tree("src").covers(tree("src/a"))).isTrue();
        assertThat(tree("src/a").covers(tree("src"))).isFalse();
        assertThat(tree("src").covers(glob("src/**/*.java"))).isTrue();
        assertThat(tree("src").covers(glob("{src/a,src/b/c}/*"))).isTrue();
        assertThat(tree("src").covers(glob("{src,doc}/*"))).isFalse();
        assertThat(tree("src").covers(glob("s*/x"))).isFalse();
        assertThat(glob("src/**").covers(tree("src"))).isTrue();
        assertThat(glob("src/*").covers(tree("src"))).isFalse();
        assertThat(glob("**/*.java").covers(file("a/B.java"))).isTrue();
        assertThat(glob("**/*.java").covers(glob("src/**/Test?.java"))).isTrue();
        assertThat(glob("src/**/Test?.java").covers(glob("**/*.java"))).isFalse();
        assertThat(glob("[a-f]").covers(glob("{a,[bc],e}"))).isTrue();
        assertThat(glob("[!a]").covers(glob("?"))).isFalse();
        assertThat(file("a").covers(glob("{a,[a]}"))).isTrue();
        assertThat(file("a").covers(tree("a"))).isFalse();
    }

    @Test
    void theAnchorIsAboveEveryMatch() {
        assertThat(file("a/b").anchor()).isEqualTo(PathName.of("a/b"));
        assertThat(tree("a/b").anchor()).isEqualTo(PathName.of("a/b"));
        assertThat(glob("a/b/*").anchor()).isEqualTo(PathName.of("a/b"));
    }

    @Test
    @Timeout(20)
    void hostilePatternsAtTheLimitOfSizeAreDecidedInBoundedTime() {
        assertApart(glob("**/" + "*a".repeat(160) + "*b"), glob("**/" + "*a".repeat(160) + "*c"));
        assertApart(glob("**/**/**/*a*a*a*a*b"), glob("**/**/**/*a*a*a*a*c"));
        assertApart(glob("{a,}".repeat(100) + "b"), glob("{a,}".repeat(100) + "c"));
        assertApart(glob("**/a/".repeat(60) + "b"), glob("**/a/".repeat(60) + "c"));
        PathPattern ambiguous = glob("*a" + "?".repeat(200));
        assertThat(glob("*b" + "{a,b}".repeat(90)).covers(ambiguous)).isFalse();
        assertThat(ambiguous.covers(glob("*a" + "[ab]".repeat(200))))
                .as("given up, though it does")
                .isFalse();
    }

    @Test
    void aPatternShowsItsKindAndItsText() {
        assertThat(file("src/a")).hasToString("file:src/a");
        assertThat(tree("src")).hasToString("tree:src");
        assertThat(glob("src/*")).hasToString("glob:src/*");
    }

    private static PathPattern file(String path) {
        return PathPattern.file(PathName.of(path));
    }

    private static PathPattern tree(String path) {
        return PathPattern.tree(PathName.of(path));
    }

    private static PathPattern glob(String pattern) {
        return PathPattern.glob(Glob.of(pattern));
    }

    private static void assertOverlap(PathPattern a, PathPattern b) {
        assertThat(a.overlaps(b)).as("%s overlaps %s", a, b).isTrue();
        assertThat(b.overlaps(a)).as("%s overlaps %s", b, a).isTrue();
    }

    private static void assertApart(PathPattern a, PathPattern b) {
        assertThat(a.overlaps(b)).as("%s overlaps %s", a, b).isFalse();
        assertThat(b.overlaps(a)).as("%s overlaps %s", b, a).isFalse();
    }
}
