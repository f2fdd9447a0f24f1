package dev.agentcoord.core.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class PathNameTest {
    @Test
    void spellingsOfOnePathAreOneName() {
        for (String spelling : List.of("src/x", "./src/x", "src//x", "src/x/", "a/../src/x", "src/./a/b/../../x")) {
            assertThat(PathName.of(spelling)).isEqualTo(PathName.of("src/x")).hasToString("src/x");
        }
    }

    @Test
    void theRootIsADot() {
        assertThat(PathName.of("a/..")).isEqualTo(PathName.root()).hasToString(".");
        assertThat(PathName.of(PathName.root().toString())).isEqualTo(PathName.root());
        assertThat(PathName.root().segments()).isEmpty();
        assertThat(PathName.root().parent()).isEqualTo(PathName.root());
    }

    @Test
    void composedAndDecomposedLettersAreOneName() {
        assertThat(PathName.of("cafe\u0301/x")).isEqualTo(PathName.of("caf\u00e9/x"));
    }

    @Test
    void caseMakesTwoNames() {
        assertThat(PathName.of("README")).isNotEqualTo(PathName.of("readme"));
    }

    @Test
    void leavingTheRootIsRefusedEvenForAMoment() {
        for (String escape : List.of("..", "../x", "a/../..", "a/../../b", "a/../../a/b")) {
            assertRefused(escape, "leads out of the repository");
        }
    }

    @Test
    void aRefusalNamesThePathAndTheRemedy() {
        assertRefused("", "write . for the root");
        assertRefused("/etc/passwd", "relative to the root");
        assertRefused("src\\A.java", "separate directories with /");
        assertRefused("a\nb", "control character (U+000A)");
        assertRefused("a\ud800", "half a surrogate pair (U+D800)");
        assertRefused("a\ufffd", "bytes that are no UTF-8");
    }

    @Test
    void aMessageNeverCarriesTheControlCharacterItself() {
        assertThatThrownBy(() -> PathName.of("a\u001b[2Jb")).message().contains("a\\u001b[2Jb");
    }

    @Test
    void limitsAreInBytesOfUtf8() {
        assertThat(PathName.of("é".repeat(127) + "x").segments()).hasSize(1);
        assertRefused("é".repeat(128), "255 bytes");
        assertRefused("\ud83d\ude00".repeat(64), "255 bytes");
        assertThat(PathName.of("abc/".repeat(1023) + "abcd").segments()).hasSize(1024);
        assertRefused("abc/".repeat(1023) + "abcde", "4096 bytes");
        assertThat(PathName.of("\u07ff".repeat(127) + "x").segments()).hasSize(1);
        assertThat(PathName.of("\u0800".repeat(85)).segments()).hasSize(1);
        assertRefused("\u0800".repeat(86), "255 bytes");
        assertThat(PathName.of("./".repeat(8_191) + "ab").segments()).containsExactly("ab");
        assertRefused("./".repeat(8_191) + "abc", "16384 characters");
        assertRefused("a/../".repeat(4000), "16384 characters");
    }

    @Test
    void aRefusalShowsTheBeginningOfWhatIsTooLong() {
        assertThatThrownBy(() -> PathName.of("long-" + "x".repeat(1_000)))
                .message()
                .startsWith("'long-xxx")
                .hasSizeLessThan(200);
    }

    @Test
    void aDirectoryHoldsItselfAndWhatIsBelowButNotItsNamesake() {
        PathName directory = PathName.of("src/a");
        assertThat(PathName.of("src/a").isWithin(directory)).isTrue();
        assertThat(PathName.of("src/a/b/c").isWithin(directory)).isTrue();
        assertThat(PathName.of("src/ab").isWithin(directory)).isFalse();
        assertThat(PathName.of("src").isWithin(directory)).isFalse();
        assertThat(directory.isWithin(PathName.root())).isTrue();
        assertThat(PathName.root().isWithin(directory)).isFalse();
    }

    @Test
    void aTreeIsOneRangeOfASortedMap() {
        TreeMap<PathName, String> index = new TreeMap<>();
        for (String name : List.of(".", "a", "a!", "a-b", "a b", "a/b", "a/b/c", "a/b-c", "a/\uffff", "a0", "A", "b")) {
            index.put(PathName.of(name), name);
        }
        assertThat(PathName.within(index, PathName.of("a")).values())
                .containsExactly("a", "a/b", "a/b/c", "a/b-c", "a/\uffff");
        assertThat(PathName.within(index, PathName.of("a/b")).values()).containsExactly("a/b", "a/b/c");
        assertThat(PathName.within(index, PathName.of("c"))).isEmpty();
        assertThat(PathName.within(index, PathName.root())).hasSize(index.size());
    }

    @Test
    void theOrderPutsADirectoryDirectlyBeforeItsContents() {
        TreeSet<PathName> names = new TreeSet<>();
        List.of("a-b", "a/b", "a", "b", ".").forEach(name -> names.add(PathName.of(name)));
        assertThat(names).map(PathName::toString).containsExactly(".", "a", "a/b", "a-b", "b");
    }

    @Test
    void resolvingClimbsNoHigherThanTheRoot() {
        PathName directory = PathName.of("a/b");
        assertThat(directory.resolve("../c")).isEqualTo(PathName.of("a/c"));
        assertThat(directory.resolve(".")).isEqualTo(directory);
        assertThat(directory.resolve("../..")).isEqualTo(PathName.root());
        assertThat(PathName.root().resolve("x")).isEqualTo(PathName.of("x"));
        assertThatThrownBy(() -> directory.resolve("../../..")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> directory.resolve("/x")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> directory.resolve("")).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aNameKnowsItsParentAndSegments() {
        assertThat(PathName.of("a/b/c").parent()).isEqualTo(PathName.of("a/b"));
        assertThat(PathName.of("a").parent()).isEqualTo(PathName.root());
        assertThat(PathName.of("a/b/c").segments()).containsExactly("a", "b", "c");
    }

    private static void assertRefused(String typed, String why) {
        assertThatThrownBy(() -> PathName.of(typed))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why);
    }
}
