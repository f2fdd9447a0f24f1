package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand things nobody should type after each verb: each is refused with a reason, and nothing is changed. */
final class BadStateInputsIT {
    private static final int INPUTS = 1_000;
    private static final List<String> BAD_KEYS = List.of(
            "",
            "a\nb",
            "\u0000",
            "k".repeat(513),
            "\u00e9".repeat(257),
            "\ud800",
            "\u0007",
            "x\u007f",
            "\t",
            "a\u0085b");
    private static final List<String> BAD_NUMBERS =
            List.of("", "x", "1.5", "99999999999999999999", "0x10", "--1", "1e3", "NaN", " 1", "\u0661\u0662x");

    @TempDir
    private Path dir;

    private Dispatcher dispatcher;
    private final Random random = new Random(1);

    @BeforeEach
    void openStore() {
        dispatcher = Dispatcher.ofProcess(
                Map.of("AGENTCOORD_STORE", "fs:" + dir.resolve("store"), "AGENTCOORD_PROJECT", "it"));
        assertThat(tell(List.of("state", "put", "k", "v")).code()).isZero();
    }

    @Test
    void after_get_are_refused() {
        areRefusedAndChangeNothing("get");
    }

    @Test
    void after_put_are_refused() {
        areRefusedAndChangeNothing("put");
    }

    @Test
    void after_cas_are_refused() {
        areRefusedAndChangeNothing("cas");
    }

    @Test
    void after_rm_are_refused() {
        areRefusedAndChangeNothing("rm");
    }

    @Test
    void after_ls_are_refused() {
        areRefusedAndChangeNothing("ls");
    }

    @Test
    void after_watch_are_refused() {
        areRefusedAndChangeNothing("watch");
    }

    private void areRefusedAndChangeNothing(String verb) {
        String before = tell(List.of("state", "ls", "--json")).out();
        for (int i = 0; i < INPUTS; i++) {
            List<String> words = new ArrayList<>(List.of("state", verb));
            words.addAll(bad(verb));
            Captured told = tell(words);
            assertThat(told.code()).as("%s: %s", words, told.err()).isIn(1, 2, 3);
            assertThat(told.err()).as("%s", words).isNotBlank().doesNotContain("unexpected");
            assertThat(told.out()).as("%s", words).isBlank();
        }
        assertThat(tell(List.of("state", "ls", "--json")).out()).isEqualTo(before);
    }

    private List<String> bad(String verb) {
        return switch (random.nextInt(3)) {
            case 0 -> unknown(verb);
            case 1 ->
                verb.equals("cas")
                        ? List.of("k", badNumber(), "x")
                        : verb.equals("ls")
                                ? List.of("--limit", oneOf(List.of("0", "-1", "1001", "x", "")))
                                : verb.equals("rm") ? List.of("k", "--revision", badNumber()) : keyed(verb);
            default -> keyed(verb);
        };
    }

    /** Options and words that no verb knows, beside what would be right. */
    private List<String> unknown(String verb) {
        List<String> words = new ArrayList<>(List.of("k", "1", "v", "more", "and-more"));
        words.add(random.nextInt(words.size()), "--" + Integer.toString(random.nextInt(1 << 20), 36) + verb);
        return words;
    }

    private List<String> keyed(String verb) {
        String key = oneOf(BAD_KEYS);
        return switch (verb) {
            case "put" -> random.nextBoolean() ? List.of(key, "v") : List.of("k", "v".repeat(64 * 1024 + 1));
            case "cas" -> List.of(key, "0", "v");
            case "rm" -> random.nextBoolean() ? List.of(key) : List.of("no-such-key");
            case "get" -> random.nextBoolean() ? List.of(key) : List.of("no-such-key");
            default -> List.of(key.isEmpty() ? "a\nb" : key);
        };
    }

    private String badNumber() {
        return random.nextBoolean() ? oneOf(BAD_NUMBERS) : String.valueOf(-1 - random.nextInt(1_000));
    }

    private String oneOf(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    private Captured tell(List<String> words) {
        return Captured.of(dispatcher, dir, words);
    }
}
