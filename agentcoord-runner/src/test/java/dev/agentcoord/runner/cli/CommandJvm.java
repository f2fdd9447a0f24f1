package dev.agentcoord.runner.cli;

import dev.agentcoord.testkit.ChildClasses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The JVM of a command, with its options in a file and an archive of its classes, as the launcher starts it; both are made once, when the
 * first is asked for. Thread-safe.
 */
final class CommandJvm {
    private static final class Made {
        static final Path OPTIONS = ChildClasses.trainedBy(Main.class, Made::train)
                .optionsFile(List.of("-Dagentcoord.launcher=" + launcher()));

        private static void train(ProcessBuilder training, Path scratch) {
            training.command().addAll(List.of("run", "--name", "training", "--", "true"));
            training.directory(scratch.toFile());
            setEnvironment(training, scratch);
        }
    }

    private CommandJvm() {}

    static List<String> command(String... words) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + Made.OPTIONS,
                "-Dagentcoord.options=" + Made.OPTIONS,
                Main.class.getName()));
        command.addAll(List.of(words));
        return command;
    }

    /** A store and private directories below one, and nothing of whatever the tests themselves run in. */
    static void setEnvironment(ProcessBuilder builder, Path home) {
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("AGENTCOORD_") || name.startsWith("TMUX"));
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("AGENTCOORD_STORE", "fs:" + home.resolve("store"));
        environment.put("AGENTCOORD_PROJECT", "it");
        environment.put("XDG_STATE_HOME", home.resolve("state").toString());
        environment.put("XDG_RUNTIME_DIR", home.toString());
    }

    private static Path launcher() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(directory.resolve("mvnw"))) {
            directory = Objects.requireNonNull(directory.getParent());
        }
        return directory.resolve("agentcoord");
    }
}
