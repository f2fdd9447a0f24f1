package dev.agentcoord.runner;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The shell script that started this process, when one did: agents find it on their path as {@code agentcoord}, whatever is installed
 * elsewhere. Stateless.
 */
public final class Launcher {
    /** Set by the launcher to its own path. */
    private static final String PROPERTY = "agentcoord.launcher";

    private Launcher() {}

    /** Its path. */
    public static Optional<Path> path() {
        return Optional.of(System.getProperty(PROPERTY, ""))
                .filter(path -> !path.isEmpty())
                .map(Path::of);
    }

    /** The option that tells the same to another JVM. */
    public static String option() {
        return "-D" + PROPERTY + "=" + System.getProperty(PROPERTY, "");
    }
}
