package dev.agentcoord.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GlobTest {
    @Test
    void aQuestionMarkIsOneCodePoint() {
        assertMatches("a?c", "abc", "a\u00e9c", "a\ud83d\ude00c");
        assertNoMatch("a?c", "ac", "abbc", "a/c");
    }

    @Test
    void aStarStaysInItsSegment() {
        assertMatches("src/*.java", "src/A.java", "src/.java");
        assertNoMatch("src/*.java", "src/a/A.java", "A.java", "src/A.javac");
    }

    @Test
    void hiddenFilesAreNotSpared() {
        assertMatches("*", ".env");
        assertMatches("**/config", ".git/config");
    }

    @Test
    void aDoubleStarIsAnyNumberOfSegmentsNoneIncluded() {
        assertMatches("**/*.java", "A.java", "a/A.java", "a/b/c/A.java");
        assertMatches("src/**", "src", "src/a", "src/a/b");
        assertMatches("a/**/b", "a/b", "a/x/b", "a/x/y/b");
        assertMatches("**", ".", "a/b");
        assertNoMatch("a/**/b", "ab", "a/xb", "b");
    }

    @Test
    void classesHoldMembersRangesAndNegations() {
        assertMatches("[a-cx]", "a", "b", "c", "x");
        assertMatches("[a-zb-c]", "a", "b", "q", "z");
        assertNoMatch("[a-cx]", "d", "-", "ax");
        assertMatches("[!a-c]", "d", "\ud83d\ude00");
        assertNoMatch("[^a-c]", "b");
        assertMatches("[]a-]", "]", "a", "-");
        assertMatches("[!]]", "a");
        assertMatches("[\\]\\-a]", "]", "-", "a");
        assertMatches("[α-ω]", "β");
    }

    @Test
    void bracesNestAndMayHoldSeparators() {
        assertMatches("{src/{main,test},doc}/*.md", "src/main/a.md", "src/test/a.md", "doc/a.md");
        assertNoMatch("{src/{main,test},doc}/*.md", "src/a.md", "main/a.md");
        assertMatches("{**,x}/a{,.b}", "a", "x/a.b", "p/q/a");
        assertMatches("a{/b,}", "a", "a/b");
    }

    @Test
    void aBackslashTakesTheMeaningFromAMetacharacter() {
        assertMatches("a\\*\\{b\\}", "a*{b}");
        assertNoMatch("a\\*", "ab");
    }

    @Test
    void theTextOfAPatternSaysAllOfIt() {
        for (String pattern : List.of("{a,b}/*", "{a/{b,c},}d", "\\*.x", "\\{a\\,b\\}", "[!a-c]?/**")) {
            assertThat(Glob.of(pattern)).hasToString(pattern);
        }
        assertThat(Glob.of("{a,b}")).isNotEqualTo(Glob.of("{a,c}"));
    }

    @Test
    void aRangeMayBeOneCharacter() {
        assertMatches("[b-b]", "b");
        assertNoMatch("[b-b]", "a");
    }

    @Test
    void patternsAreNormalisedToNfc() {
        assertMatches("cafe\u0301/*", "caf\u00e9/x");
        assertMatches("[e\u0301]", "\u00e9");
    }

    @Test
    void malformedPatternsNameThePlaceAndARemedy() {
        assertRefused("[ab", "close it with ]");
        assertRefused("[]", "close it with ]");
        assertRefused("[b-a]", "runs backwards");
        assertRefused("[a/b]", "/ inside a class");
        assertRefused("{a,b", "close them");
        assertRefused("{}", "empty braces");
        assertRefused("a}", "character 2 closes nothing");
        assertRefused("a]", "closes nothing");
        assertRefused("a\\", "escapes none");
        assertRefused("src\\*\\api", "separate directories with /");
        assertRefused("a***", "third *");
        assertRefused("", "write . for the root");
        assertRefused("/a/*", "absolute");
        assertRefused("a/../*", "holds ..");
        assertRefused("a\n*", "control character");
        assertRefused("{".repeat(17) + "a" + "}".repeat(17), "nests");
        assertMatches("{".repeat(16) + "a" + "}".repeat(16), "a");
    }

    @Test
    void aDoubleStarBesideOtherCharactersIsRefusedWhicheverBranchBringsItThere() {
        for (String pattern : List.of("a**", "**a", "{a,**}b", "a{b,**}", "{a/,b}**", "**{/a,b}", "x{/,}**")) {
            assertRefused(pattern, "stands between separators");
        }
        assertMatches("{a/,}**", "a", "b/c");
        assertMatches("**{/a,/b}", "x/a", "b");
    }

    @Test
    void theSizeIsBoundedAndLinearInTheText() {
        assertMatches("{a,b}".repeat(80), "ab".repeat(40));
        assertRefused("{a,b}".repeat(200), "too large");
        assertRefused("*a".repeat(300), "too large");
    }

    @Test
    void theLiteralPrefixIsTheDeepestDirectoryAboveEveryMatch() {
        assertThat(Glob.of("src/main/**/*.java").literalPrefix()).isEqualTo(PathName.of("src/main"));
        assertThat(Glob.of("src/ma*/x").literalPrefix()).isEqualTo(PathName.of("src"));
        assertThat(Glob.of("*/x").literalPrefix()).isEqualTo(PathName.root());
        assertThat(Glob.of("src/\\*/A").literalPrefix()).isEqualTo(PathName.of("src/*/A"));
    }

    @Test
    void theCanonicalSpellingReadsBackAsTheSamePattern() {
        assertThat(Glob.of("./src//**/**/./*.java/"))
                .hasToString("src/**/*.java")
                .isEqualTo(Glob.of("src/**/*.java"));
        for (String typed : List.of("a\\*/[!b-d]{x,{y,z\\,}/q}?", "[]a]*", ".", "a,b", "\\[x\\]")) {
            Glob glob = Glob.of(typed);
            assertThat(Glob.of(glob.toString())).isEqualTo(glob).hasSameHashCodeAs(glob);
        }
    }

    @Test
    void aPatternMovedBelowADirectoryTakesItsNameLiterally() {
        Glob moved = Glob.of("*.ts").under(PathName.of("app/[id]"));
        assertThat(moved).isEqualTo(Glob.of("app/\\[id\\]/*.ts"));
        assertThat(moved.literalPrefix()).isEqualTo(PathName.of("app/[id]"));
        assertThat(moved.matches(PathName.of("app/[id]/page.ts"))).isTrue();
        assertThat(moved.matches(PathName.of("app/i/page.ts"))).isFalse();
        assertThat(Glob.of("x/*").under(PathName.root())).isEqualTo(Glob.of("x/*"));
        assertThat(Glob.of(".").under(PathName.of("a"))).isEqualTo(Glob.of("a"));
        assertThat(Glob.of("b/?").under(PathName.of("a")).matches(PathName.of("a/b/c")))
                .isTrue();
    }

    private static void assertMatches(String pattern, String... paths) {
        for (String path : paths) {
            assertThat(Glob.of(pattern).matches(PathName.of(path)))
                    .as("%s matches %s", pattern, path)
                    .isTrue();
        }
    }

    private static void assertNoMatch(String pattern, String... paths) {
        for (String path : paths) {
            assertThat(Glob.of(pattern).matches(PathName.of(path)))
                    .as("%s matches %s", pattern, path)
                    .isFalse();
        }
    }

    private static void assertRefused(String pattern, String why) {
        assertThatThrownBy(() -> Glob.of(pattern))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why);
    }
}
