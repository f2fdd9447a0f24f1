package dev.agentcoord.runner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.testkit.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher inside an agent's session. Its PATH holds three small tools only, so that no JVM can start. */
final class LauncherSocketIT {

    private static final String DONE = "X 0\n";

    @TempDir
    Path directory;

    /** Directly in /tmp, because the path of a socket must be short. */
    private Path socketDirectory = Path.of("/tmp");

    private Path socket = Path.of("/tmp");

    @BeforeEach
    void prepare() throws IOException {
        Requirement.command("nc", "sudo apt-get install netcat-openbsd");
        socketDirectory = Files.createTempDirectory(Path.of("/tmp"), "agentcoord-");
        socket = socketDirectory.resolve("s");
        for (String tool : new String[] {"nc", "cat", "head"}) {
            Script.offer(directory.resolve("bin"), tool);
        }
    }

    @AfterEach
    void cleanUp() throws IOException {
        Files.deleteIfExists(socket);
        Files.delete(socketDirectory);
    }

    @Test
    void hands_over_the_arguments_exactly()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        String[] arguments = {"locks", "", "a\nb", "-x", "*", "two  words", "\\n", "%s", "$HOME", "--"};
        try (StandInRunner runner = StandInRunner.answering(socket, DONE)) {
            launcher().run(arguments);

            assertThat(runner.request().arguments()).containsExactly(arguments);
        }
    }

    @Test
    void hands_over_bytes_that_are_no_text()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (StandInRunner runner = StandInRunner.answering(socket, DONE)) {
            launcher().runFromShell("exec \"$1\" locks \"$(printf '\\377\\201\\210\\001')\"");

            assertThat(runner.request().arguments()).containsExactly("locks", "\u00ff\u0081\u0088\u0001");
        }
    }

    @Test
    void hands_over_the_working_directory_and_no_standard_input()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (StandInRunner runner = StandInRunner.answering(socket, DONE)) {
            launcher().runWithInput("kept", "locks");

            assertThat(runner.request().directory()).isEqualTo(directory.toString());
            assertThat(runner.request().flags()).doesNotContain("stdin", "tty");
        }
    }

    @Test
    void sends_standard_input_for_an_argument_that_is_a_dash()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        String input = "one\0two\n\u00ff".repeat(10_000);
        try (StandInRunner runner = StandInRunner.answering(socket, DONE)) {
            launcher().runWithInput(input, "state", "put", "key", "-");

            assertThat(runner.request().input()).isEqualTo(input);
        }
    }

    @Test
    void relays_output_errors_and_exit_code()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        assertThat(outcomeOf("O  one \\n\nE why\n.\nO \nX 3\n"))
                .isEqualTo(new Launcher.Outcome(3, " one \\n\n\n", "why\n"));
    }

    @Test
    void relays_any_bytes_as_they_are() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        String bytes = "\0\u00ff\nX 1\n".repeat(20_000);
        String answer = "R " + bytes.length() + "\n" + bytes + "O end\nX 0\n";

        assertThat(outcomeOf(answer)).isEqualTo(new Launcher.Outcome(0, bytes + "end\n", ""));
    }

    @Test
    void says_in_one_line_that_the_runner_is_gone() throws IOException, InterruptedException {
        Launcher.Outcome outcome = launcher().run("locks");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .hasLineCount(1)
                .contains("session s1 is gone", "Next: env -u AGENTCOORD_SOCK agentcoord ls");
    }

    @Test
    void says_so_in_one_object_when_the_answer_is_asked_for_in_json() throws IOException, InterruptedException {
        for (String json : List.of("--json", "--json=1")) {
            Launcher.Outcome outcome = launcher().run("locks", json);

            assertThat(outcome.exitCode()).isEqualTo(4);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .isEqualTo(
                            "{\"error\":{\"type\":\"lost\",\"message\":\"the runner of session s1 is gone and its locks are lost:"
                                    + " stop editing\",\"next\":\"env -u AGENTCOORD_SOCK agentcoord ls\"},\"exit\":4}\n");
        }
    }

    @Test
    void takes_an_answer_without_an_end_for_an_unknown_outcome()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Launcher.Outcome outcome = outcomeOf("O half\n");

        assertThat(outcome.exitCode()).isEqualTo(4);
        assertThat(outcome.err()).hasLineCount(1).contains("the outcome is unknown");
    }

    @Test
    void gives_up_its_wait_when_only_its_shell_is_killed()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (StandInRunner runner = StandInRunner.waiting(socket)) {
            Launcher.Running running = launcher().start("lock", "a");
            runner.request();
            assertThat(runner.isDone()).isFalse();

            running.process().destroyForcibly();
            runner.awaitDone();
        }
    }

    @Test
    void starts_a_jvm_for_what_needs_a_process_of_its_own() throws IOException, InterruptedException {
        StandInHome home = new StandInHome(directory.resolve("home"));
        Map<String, String> environment = new HashMap<>(inSession());
        environment.putAll(home.environment());
        environment.put("AGENTCOORD_LIB", "/lib");
        Launcher launcher = new Launcher(home.launcher(), directory, environment);

        for (String verb : new String[] {"run", "demo", "attach", "init", "help", "--version"}) {
            assertThat(launcher.run(verb).out()).endsWith("cli.Main\n" + verb + "\n");
        }
        assertThat(launcher.run("lock", "a", "--", "make", "-").out()).endsWith("lock\na\n--\nmake\n-\n");
    }

    private Launcher.Outcome outcomeOf(String answer)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (StandInRunner runner = StandInRunner.answering(socket, answer)) {
            Launcher.Outcome outcome = launcher().run("locks");
            runner.awaitDone();
            return outcome;
        }
    }

    private Launcher launcher() {
        return new Launcher(Launcher.ofThisRepository(), directory, inSession());
    }

    private Map<String, String> inSession() {
        return Map.of(
                "PATH", directory.resolve("bin").toString(),
                "AGENTCOORD_SOCK", socket.toString(),
                "AGENTCOORD_SESSION", "s1");
    }
}
