package dev.agentcoord.core.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bad and odd names by the thousand: each is refused with a typed error or has one canonical form inside the root. */
final class OddNamesTest {
    private static final List<String> TRAVERSALS =
            List.of("..", "../", "../..", "a/../..", "a/../../b", "./../x", "a/b/../../../c", "..//..", "../a/..");

    /** Names that are odd but name a file, on their own and as part of a path. */
    private static final List<String> ODD = List.of(
            "...",
            "....",
            "..a",
            "a..",
            ". .",
            " ",
            "  ",
            " a",
            "a ",
            "-",
            "--",
            "-rf",
            "--force",
            "~",
            "~root",
            "$HOME",
            "${x}",
            "$(id)",
            "`id`",
            ";",
            "|",
            "&",
            ">",
            "<",
            "'",
            "\"",
            "#",
            "%",
            "%2e%2e",
            "%2f",
            "!",
            "*",
            "?",
            "[a]",
            "{a,b}",
            "CON",
            "NUL",
            "nul.txt",
            "COM1",
            "aux.",
            "a:b",
            "C:",
            "a.",
            "=x",
            "@",
            "+",
            ",",
            "null",
            "undefined",
            "caf\u00e9",
            "cafe\u0301",
            "\u212b",
            "\u212a",
            "\u1e9b\u0323",
            "\uac00",
            "\u1100\u1161",
            "\ud83d\ude00",
            "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "\u202eabc",
            "\u200b",
            "\ufeff",
            "\u00ad",
            "\uff0f",
            "\u2024\u2024",
            "\u2215",
            "\uff3c",
            "\u037e",
            "\u0130",
            "\u0131",
            "ß",
            "ẞ",
            "\ufb01",
            "\u3000",
            "\u00a0",
            "\ue000",
            "\udbff\udffd",
            "\u0301",
            "a\u0301\u0300\u0316",
            "\ufb2c",
            "\ud834\udd60");

    @Test
    void everyNameIsRefusedOrCanonicalInsideTheRoot() {
        Set<String> names = names();
        assertThat(names).hasSizeGreaterThanOrEqualTo(2_000);
        int refused = 0;
        for (String name : names) {
            try {
                assertCanonical(name, PathName.of(name));
            } catch (InvalidRequestException expected) {
                assertThat(expected.toString().codePoints())
                        .as("message for %s", name)
                        .noneMatch(Character::isISOControl);
                refused++;
            }
        }
        assertThat(refused).isBetween(names.size() / 4, names.size() * 3 / 4);
    }

    @Test
    void everyControlCharacterAndSurrogateHalfIsRefusedWhereverItStands() {
        assertThat(bad())
                .allSatisfy(bad -> assertThat(List.of(bad, "a" + bad, bad + "a", "a/" + bad + "/b"))
                        .allMatch(OddNamesTest::isRefused));
    }

    @Test
    void everyTraversalIsRefusedHoweverItIsDressed() {
        assertThat(TRAVERSALS).allMatch(OddNamesTest::isRefused);
        assertThat(TRAVERSALS).allMatch(traversal -> isRefused("./" + traversal));
        assertThat(TRAVERSALS).allMatch(traversal -> isRefused("a/../" + traversal));
    }

    @Test
    void oddNamesOfFilesAreTakenAndNotReinterpreted() {
        assertThat(ODD).noneMatch(OddNamesTest::isRefused);
        assertThat(ODD).allMatch(odd -> PathName.of("dir/" + odd).segments().size() == 2);
    }

    private static void assertCanonical(String typed, PathName name) {
        String canonical = name.toString();
        assertThat(PathName.of(canonical))
                .as("canonical form of %s", typed)
                .isEqualTo(name)
                .hasToString(canonical);
        assertThat(canonical).doesNotStartWith("/").doesNotContain("\\", "\0", "\n");
        assertThat(Normalizer.isNormalized(canonical, Normalizer.Form.NFC))
                .as("%s is NFC", typed)
                .isTrue();
        assertThat(name.segments()).doesNotContain("", ".", "..");
        assertThat(name.segments()).allMatch(segment -> segment.getBytes(StandardCharsets.UTF_8).length <= 255);
        assertThat(PathName.of("root").resolve(canonical).isWithin(PathName.of("root")))
                .isTrue();
        assertThat(new String(canonical.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(canonical);
    }

    private static Set<String> names() {
        Set<String> names =
                new LinkedHashSet<>(List.of("", ".", "./", "/", "//", "/etc/passwd", "//server/share", "C:\\x"));
        names.addAll(
                List.of("\\\\server\\share", "..\\..\\x", "a\\..\\b", "C:/x", "file:///etc/passwd", "a//b", "a/./b"));
        for (String odd : ODD) {
            names.addAll(List.of(odd, "a/" + odd, odd + "/a", "./" + odd, odd + "/../b", odd + "/../../b", "x" + odd));
            names.addAll(List.of("../" + odd, "/" + odd, odd + "\\x", odd + "\n", odd + "//" + odd, odd + "/"));
        }
        for (String traversal : TRAVERSALS) {
            ODD.forEach(odd -> names.add(odd + "/" + traversal));
        }
        for (String bad : bad()) {
            names.addAll(List.of(bad, "a" + bad, bad + "a", "a/" + bad + "/b"));
        }
        for (int length = 250; length <= 260; length++) {
            names.addAll(List.of("a".repeat(length), "x/" + "b".repeat(length) + "/y", "é".repeat(length / 2) + "a"));
            names.add("e\u0301".repeat(length / 2));
            names.add("\ud83d\ude00".repeat(length / 4));
        }
        for (int depth = 1; depth <= 2_100; depth += 50) {
            names.addAll(List.of("d/".repeat(depth) + "f", "../".repeat(depth) + "f"));
            names.add("d/".repeat(depth) + "../".repeat(depth) + "f");
            names.add("d/".repeat(depth) + "../".repeat(depth + 1) + "f");
        }
        return names;
    }

    private static List<String> bad() {
        Set<String> bad = new LinkedHashSet<>(List.of("\\", "\u2028", "\u2029", "\ud800", "\udfff", "\udc00\ud800"));
        for (char c = 0; c < 0xa0; c++) {
            if (Character.isISOControl(c)) {
                bad.add(String.valueOf(c));
            }
        }
        return List.copyOf(bad);
    }

    private static boolean isRefused(String name) {
        try {
            PathName.of(name);
            return false;
        } catch (InvalidRequestException expected) {
            return true;
        }
    }
}
