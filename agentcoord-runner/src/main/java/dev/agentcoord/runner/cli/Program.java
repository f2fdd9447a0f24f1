package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.text.ShellQuote;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The command after {@code --}, looked for before anything is begun for it. */
final class Program {
    private Program() {}

    /** Its words; throws {@link Refusal} where there are none, or the first is nothing that can be run. */
    static List<String> required(Context context, String usage) {
        List<String> command = context.requireTrailing(usage);
        requireExecutable(command.get(0), context, usage);
        return command;
    }

    private static void requireExecutable(String program, Context context, String usage) {
        Path directory = context.request().directory();
        if (program.contains("/")) {
            requireExecutable(directory.resolve(program), program, usage);
        } else if (List.of(context.environment()
                        .getOrDefault("PATH", "/usr/bin:/bin")
                        .split(":"))
                .stream()
                .noneMatch(path -> isExecutable(directory.resolve(path).resolve(program)))) {
            throw Refusal.usage("there is no program '" + program + "'", usage);
        }
    }

    private static void requireExecutable(Path file, String program, String usage) {
        if (Files.isDirectory(file)) {
            throw Refusal.usage("'" + program + "' is a directory, not a program", usage);
        }
        if (!Files.exists(file)) {
            throw Refusal.usage("there is no program '" + program + "'", usage);
        }
        if (!isExecutable(file)) {
            throw Refusal.usage("'" + program + "' is not executable", "chmod +x " + ShellQuote.quote(program));
        }
    }

    private static boolean isExecutable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
