package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A thousand things nobody should type after each verb about tasks: each is refused with a reason, and nothing is changed. */
final class BadTaskInputsIT {
    private static final int INPUTS = 1_000;
    private static final List<String> BAD_IDS = List.of(
            "",
            ".",
            "-x",
            "../t1",
            "a/b",
            "a~b",
            "a b",
            "t1\n",
            "\u0000",
            "x".repeat(65),
            "\u00e9",
            "no-such-task",
            "*");
    private static final List<String> BAD_KEYS = List.of("", "a\nb", "\u0000", "k".repeat(513), "\u0085");
    private static final List<String> BAD_NUMBERS =
            List.of("", "x", "1.5", "99999999999999999999", "-1", "0x10", "1e3", "NaN", "10000001");
    private static final List<String> BAD_TIMES =
            List.of("", "x", "-1s", "1y", "1.5h", "99999999999d", "999999999d", "s", "5 m");

    @TempDir
    private Path dir;

    private Dispatcher dispatcher;
    private final Random random = new Random(1);

    @BeforeEach
    void openStore() {
        dispatcher = Dispatcher.ofProcess(
                Map.of("AGENTCOORD_STORE", "fs:" + dir.resolve("store"), "AGENTCOORD_PROJECT", "it"));
        assertThat(tell(List.of("task", "add", "--id", "t1", "do it")).code()).isZero();
    }

    @TestFactory
    Stream<DynamicTest> areRefusedAndChangeNothing() {
        return Stream.of(
                        "add", "claim", "done", "fail", "release", "handoff", "cancel", "redrive", "show", "list",
                        "queue")
                .map(verb -> DynamicTest.dynamicTest("after " + verb, () -> areRefused(verb)));
    }

    private void areRefused(String verb) {
        String before = standing();
        for (int i = 0; i < INPUTS; i++) {
            List<String> words = new ArrayList<>(List.of("task", verb));
            words.addAll(bad(verb));
            Captured told = tell(words);
            assertThat(told.code()).as("%s: %s", words, told.err()).isIn(1, 2, 3);
            assertThat(told.err()).as("%s", words).isNotBlank().doesNotContain("unexpected");
            assertThat(told.out()).as("%s", words).isBlank();
        }
        assertThat(standing()).isEqualTo(before);
    }

    @Test
    void whatIsRightIsNotRefused() {
        assertThat(tell(List.of("task", "add", "--order", "k", "--needs", "a,b", "--header", "x=y", "more"))
                        .code())
                .isZero();
        assertThat(tell(List.of("task", "queue", "--mode", "paused", "--max-depth", "10", "--json"))
                        .out())
                .contains("\"mode\":\"paused\"", "\"maxDepth\":10");
        assertThat(tell(List.of("task", "cancel", "t1", "--reason", "not needed"))
                        .code())
                .isZero();
        assertThat(tell(List.of("task", "show", "t1", "--json")).out())
                .contains("\"state\":\"cancelled\"", "not needed", "\"history\":[]");
        assertThat(tell(List.of("task", "cancel", "t1", "--reason", "again")).code())
                .isEqualTo(1);
        assertThat(tell(List.of("task", "redrive", "t1")).code()).isEqualTo(1);
        assertThat(tell(List.of("task", "redrive", "--all")).code()).isZero();
    }

    private String standing() {
        return tell(List.of("task", "list", "--json")).out()
                + tell(List.of("task", "queue", "--json")).out().replaceAll("\"oldestMillis\":\\d+", "");
    }

    private List<String> bad(String verb) {
        if (random.nextInt(4) == 0) {
            return unknown(verb);
        }
        if (random.nextInt(6) == 0) {
            return List.of("--queue", oneOf(List.of("", "../q", "Q", "a b", "x".repeat(49), "-")), "t1");
        }
        return switch (verb) {
            case "add" -> badAdd();
            case "cancel" -> List.of(oneOf(BAD_IDS), "--reason", oneOf(List.of("why", "a\nb")));
            case "redrive" -> random.nextBoolean() ? List.of() : List.of(oneOf(BAD_IDS));
            case "show" -> List.of(oneOf(BAD_IDS));
            case "list" ->
                random.nextBoolean()
                        ? List.of("--limit", oneOf(List.of("0", "-1", "1001", "x", "")))
                        : List.of("--state", oneOf(List.of("", "x", "gone")));
            case "queue" ->
                List.of(
                        oneOf(List.of("--max-depth", "--max-per-session")),
                        oneOf(List.of("0", "-1", "10000001", "x", "1.5", "")));
            default -> List.of(oneOf(BAD_IDS), oneOf(List.of("--delay", "--wait", "--after")), oneOf(BAD_TIMES));
        };
    }

    private List<String> badAdd() {
        return switch (random.nextInt(9)) {
            case 0 -> List.of("--priority", oneOf(List.of("-1", "10", "x", "")), "x");
            case 1 -> List.of("--attempts", oneOf(BAD_NUMBERS), "x");
            case 2 -> List.of("--delay", oneOf(BAD_TIMES), "x");
            case 3 -> List.of(oneOf(List.of("--dedup", "--order")), oneOf(BAD_KEYS), "x");
            case 4 -> List.of("--for", oneOf(List.of("", "A", "a b", "../x", "x".repeat(49))), "x");
            case 5 -> List.of("--needs", oneOf(List.of("a,,b", "w".repeat(65), "a\nb")), "x");
            case 6 -> List.of("--depends-on", oneOf(BAD_IDS.subList(1, BAD_IDS.size())), "x");
            case 7 -> List.of("--id", oneOf(BAD_IDS.subList(0, 11)), "x");
            default -> random.nextBoolean() ? List.of() : List.of("v".repeat(64 * 1024 + 1));
        };
    }

    /** Options and words that no verb knows, beside what would be right. */
    private List<String> unknown(String verb) {
        List<String> words = new ArrayList<>(List.of("t1", "more", "and-more"));
        words.add(random.nextInt(words.size()), "--" + Integer.toString(random.nextInt(1 << 20), 36) + verb);
        return words;
    }

    private String oneOf(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    private Captured tell(List<String> words) {
        return Captured.of(dispatcher, dir, words);
    }
}
