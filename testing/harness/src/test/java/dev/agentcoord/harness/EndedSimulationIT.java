package dev.agentcoord.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.ensemble.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A simulation that somebody ends by a signal. */
final class EndedSimulationIT {
    private static final int SIGTERM = 128 + 15;

    @TempDir
    private Path dir;

    @Test
    void endsWithoutAWordWhileItPrepares() throws Exception {
        endsWithoutAWordOnceItSays("simulate: preparing");
    }

    @Test
    void endsWithoutAWordWhileItsAgentsStart() throws Exception {
        endsWithoutAWordOnceItSays("simulate: starting");
    }

    @Test
    void endsWithoutAWordAndWithItsAgentsWhileTheyWork() throws Exception {
        endsWithoutAWordOnceItSays("simulate: they work");
    }

    private void endsWithoutAWordOnceItSays(String beginning) throws IOException, InterruptedException {
        List<String> command = JavaCommand.of(List.of(), Simulate.class.getName());
        command.addAll(List.of("--agents", "6", "--seconds", "60", "--directory", dir.toString()));
        Process simulation = new ProcessBuilder(command).start();
        try (BufferedReader says =
                new BufferedReader(new InputStreamReader(simulation.getErrorStream(), StandardCharsets.UTF_8))) {
            assertThat(says.lines().filter(line -> line.startsWith(beginning)).findFirst())
                    .isPresent();
            List<ProcessHandle> others = simulation.descendants().toList();

            simulation.toHandle().destroy();

            assertThat(says.lines().filter(line -> !line.startsWith("simulate: ")))
                    .isEmpty();
            assertThat(simulation.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(simulation.exitValue()).isEqualTo(SIGTERM);
            for (ProcessHandle other : others) {
                other.onExit().join();
            }
        } finally {
            simulation.destroyForcibly();
        }
    }
}
