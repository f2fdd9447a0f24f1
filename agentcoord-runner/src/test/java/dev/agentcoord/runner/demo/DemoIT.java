package dev.agentcoord.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.testkit.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole demonstration, small, by the launcher; its temporary files are made where the test can see what is left of them. */
class DemoIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CLEAN =
            "\"coordinated\":{\"edits\":%d,\"lost\":0,\"doubleClaims\":0,\"portClashes\":0,\"gitIndexFailures\":0}";

    @TempDir
    private Path output;

    /** With a short path, or the demo would not use it. */
    private Path temporary;

    @BeforeEach
    void makeTemporary() throws IOException {
        temporary = Files.createDirectory(
                Path.of("/tmp", "d" + ProcessHandle.current().pid()));
    }

    @AfterEach
    void removeTemporary() throws IOException {
        new TaggedProcesses(temporary).killAll();
        try (Stream<Path> left = Files.walk(temporary)) {
            for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void coordinated_agents_lose_nothing_and_nothing_is_left_behind() throws IOException, InterruptedException {
        Process demo = start("--agents", "3", "--edits", "6", "--json");

        assertThat(exitCode(demo)).as(errors()).isZero();
        assertThat(Files.readString(output.resolve("out")))
                .matches("\\{\"uncoordinated\":\\{\"edits\":6,\"lost\":\\d+,\"doubleClaims\":\\d+,\"portClashes\":\\d+,"
                        + "\"gitIndexFailures\":\\d+},\"coordinated\":\\{.*},\"seconds\":[\\d.]+}\n")
                .contains(String.format(CLEAN, 6));
        assertNothingIsLeft();
    }

    @Test
    void the_death_of_an_agent_and_of_a_runner_costs_nothing() throws IOException, InterruptedException {
        Process demo = start("--agents", "3", "--edits", "9", "--json", "--chaos");

        assertThat(exitCode(demo)).as(errors()).isZero();
        assertThat(errors())
                .contains(
                        "killed agent agent-1",
                        "killed the runner of agent-2",
                        "0 processes, 0 sessions, 0 locks left");
        assertThat(Files.readString(output.resolve("out"))).contains(String.format(CLEAN, 9));
        assertNothingIsLeft();
    }

    @Test
    void ctrl_c_leaves_nothing_behind() throws IOException, InterruptedException {
        Process demo = start("--agents", "3", "--edits", "20");
        await().atMost(LIMIT)
                .until(() -> !new TaggedProcesses(temporary)
                        .running("--name agent-3")
                        .isEmpty());

        Signals.send("INT", demo.pid());

        assertThat(exitCode(demo)).isEqualTo(130);
        assertNothingIsLeft();
    }

    private Process start(String... arguments) throws IOException {
        Path root = Path.of(System.getProperty("basedir"));
        List<String> command = new ArrayList<>(Signals.interruptible());
        command.addAll(List.of(root.resolveSibling("agentcoord").toString(), "demo"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temporary.toFile())
                .redirectOutput(output.resolve("out").toFile())
                .redirectError(output.resolve("err").toFile());
        builder.environment()
                .putAll(Map.of(
                        "AGENTCOORD_LIB", root.resolve("target/dist/lib").toString(),
                        "JAVA_HOME", System.getProperty("java.home"),
                        "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary));
        return builder.start();
    }

    private static int exitCode(Process demo) throws InterruptedException {
        assertThat(demo.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                .as("ended in time")
                .isTrue();
        return demo.exitValue();
    }

    private String errors() throws IOException {
        return Files.readString(output.resolve("err"));
    }

    private void assertNothingIsLeft() throws IOException {
        assertThat(new TaggedProcesses(temporary).living()).isEmpty();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }
}
