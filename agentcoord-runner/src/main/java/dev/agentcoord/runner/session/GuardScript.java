package dev.agentcoord.runner.session;

import dev.agentcoord.runner.text.ShellQuote;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The shell's side of {@link Guard}, as files in a run's private directory. */
final class GuardScript {
    private GuardScript() {}

    /**
     * Writes the script and, beside it, the command that it is to start, and returns how to start the script. The command goes by a
     * file because tmux bounds its arguments at 16 KB.
     */
    static List<String> install(RuntimeDirectory runtime, List<String> command) throws IOException {
        Path script = runtime.path().resolve("guard.sh");
        try (InputStream text = Objects.requireNonNull(GuardScript.class.getResourceAsStream("guard.sh"))) {
            Files.copy(text, script);
        }
        Files.writeString(runtime.path().resolve("command"), "set -- " + ShellQuote.quote(command) + "\n");
        export(runtime, Map.of());
        return List.of("sh", script.toString(), runtime.path().toString());
    }

    /** Sets variables that are known only after the script was started; read when the gate opens. */
    static void export(RuntimeDirectory runtime, Map<String, String> variables) throws IOException {
        StringBuilder lines = new StringBuilder();
        variables.forEach((name, value) -> lines.append("export ")
                .append(name)
                .append('=')
                .append(ShellQuote.quote(value))
                .append('\n'));
        Files.writeString(runtime.path().resolve("environment"), lines);
    }
}
