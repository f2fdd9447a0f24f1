package dev.agentcoord.runner.demo;

import java.nio.file.Path;
import java.util.Objects;

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

    /** Validates; throws {@link IllegalArgumentException} with what to give instead. */
    public DemoOptions {
        require(agents, MOST_AGENTS, "--agents");
        require(edits, MOST_EDITS, "--edits");
        launcher = launcher.toAbsolutePath();
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
