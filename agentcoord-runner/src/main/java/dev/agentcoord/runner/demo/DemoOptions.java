package dev.agentcoord.runner.demo;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How the demonstration is to run.
 *
 * @param agents how many work at the same time, 1 to 32
 * @param edits how many they have to make in each part, 1 to 1 000
 * @param json prints one JSON object instead of the table
 * @param keep leaves the temporary directory in place
 * @param chaos kills an agent and a runner in the coordinated part
 * @param launcher the {@code agentcoord} command that agents use; its directory is the repository they work on a clone of
 */
public record DemoOptions(int agents, int edits, boolean json, boolean keep, boolean chaos, Path launcher) {
    private static final int MOST_AGENTS = 32;
    private static final int MOST_EDITS = 1_000;
    /** One to be killed, one to lose its runner, one to finish their work. */
    private static final int CHAOS_AGENTS = 3;

    /** Validates; throws {@link IllegalArgumentException} with what to give instead. */
    public DemoOptions {
        require(agents, MOST_AGENTS, "--agents");
        require(edits, MOST_EDITS, "--edits");
        if (chaos && agents < CHAOS_AGENTS) {
            throw new IllegalArgumentException("--chaos needs --agents " + CHAOS_AGENTS + " or more");
        }
        launcher = launcher.toAbsolutePath();
    }

    /** What the agents are called. */
    List<String> agentNames() {
        return IntStream.rangeClosed(1, agents).mapToObj(i -> "agent-" + i).toList();
    }

    /** The directory of the launcher, which is that of the project. */
    Path home() {
        return Objects.requireNonNull(launcher.getParent(), "a launcher is a file in a directory");
    }

    private static void require(int value, int most, String option) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(option + " must be 1 to " + most + ", not " + value);
        }
    }
}
