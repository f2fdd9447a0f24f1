package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.runner.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thousand things that an agent should not type about the task it has claimed: each is refused with a reason, and the claim stays. */
final class BadClaimInputsIT {
    private static final int INPUTS = 1_000;
    private static final List<String> BAD_IDS =
            List.of(".", "../t1", "a/b", "a~b", "t1\n", "\u0001", "x".repeat(65), "\u00e9", "t2", "no-such-task", "*");
    private static final List<String> NO_TIMES = List.of("", "x", "-1s", "1y", "1.5h", "99999999999d", "s", "5 m");
    /** Longer than a thousand years, for which one may wait, but nothing may be put off. */
    private static final String TOO_LONG = "999999999d";

    private static final List<String> BAD_AGENTS = List.of("", "A", "a b", "../x", "x".repeat(49), "a~b", "\u00e9");

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private final Random random = new Random(1);
    private Optional<Process> runner = Optional.empty();
    private Path socket = Path.of("");

    @BeforeEach
    void claimATask() throws IOException {
        runner = Optional.of(sandbox.startAgent("a", "exec sleep 600"));
        socket = sandbox.socket();
        assertThat(tell(List.of("task", "add", "--id", "t1", "do it")).code()).isZero();
        assertThat(tell(List.of("task", "add", "--id", "t2", "do that later")).code())
                .isZero();
        assertThat(tell(List.of("task", "claim")).code()).isZero();
        assertThat(tell(List.of("lock", "--task", "t1", "src/a")).code()).isZero();
    }

    @AfterEach
    void end() throws InterruptedException {
        if (runner.isPresent()) {
            runner.get().destroy();
            runner.get().waitFor();
        }
    }

    @TestFactory
    Stream<DynamicTest> areRefusedAndTheClaimStays() {
        return Stream.of("claim", "done", "fail", "release", "handoff")
                .map(verb -> DynamicTest.dynamicTest("after " + verb, () -> areRefused(verb)));
    }

    private void areRefused(String verb) throws IOException {
        String before = standing();
        assertThat(before).contains("\"t1\"", "\"claimed\"", "src/a");
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

    private List<String> bad(String verb) {
        if (random.nextInt(5) == 0) {
            return List.of("t1", "--" + Integer.toString(random.nextInt(1 << 20), 36) + verb);
        }
        if (random.nextInt(5) == 0) {
            return List.of("t1", "t2", "and-more");
        }
        return switch (verb) {
            case "claim" -> List.of("--wait", oneOf(NO_TIMES));
            case "done" ->
                random.nextBoolean()
                        ? List.of(oneOf(BAD_IDS), "--result", "x")
                        : List.of("t1", "--result", "v".repeat(64 * 1024 + 1));
            case "fail" ->
                switch (random.nextInt(3)) {
                    case 0 -> List.of(oneOf(BAD_IDS), "--reason", "x");
                    case 1 -> List.of("t1");
                    default -> List.of("t1", "--reason", "x", "--after", badDelay());
                };
            case "release" -> random.nextBoolean() ? List.of(oneOf(BAD_IDS)) : List.of("t1", "--delay", badDelay());
            default ->
                switch (random.nextInt(4)) {
                    case 0 -> List.of(oneOf(BAD_IDS), "--to", "b");
                    case 1 -> List.of("t1", "--to", oneOf(BAD_AGENTS));
                    case 2 -> List.of("t1", "--requires", oneOf(List.of("", "w".repeat(65), "a\nb", "a,,b")));
                    default -> List.of("t1", "--to", "b", "--requires", "gpu");
                };
        };
    }

    private String badDelay() {
        return random.nextInt(8) == 0 ? TOO_LONG : oneOf(NO_TIMES);
    }

    private String oneOf(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    private String standing() throws IOException {
        return tell(List.of("task", "list", "--json")).out()
                + tell(List.of("locks", "--json")).out().replaceAll("\"(since|age|held)[A-Za-z]*\":[^,}]+", "");
    }

    private Captured tell(List<String> words) throws IOException {
        Captured reply = new Captured();
        try (ControlClient client = ControlClient.connect(socket)) {
            reply.ended(client.call(sandbox.repository(), words, reply));
        }
        return reply;
    }
}
