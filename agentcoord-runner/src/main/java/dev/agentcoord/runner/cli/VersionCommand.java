package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.text.Json;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Option;

/** Prints the version. */
@picocli.CommandLine.Command(name = "version", description = "Prints the version.")
final class VersionCommand extends Command {
    @Option(names = "--json", description = "answer in JSON on standard output")
    private boolean json;

    static String text() {
        return "agentcoord " + number() + ", Java " + Runtime.version();
    }

    private static String number() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "(not packaged)");
    }

    @Override
    int run(Context context) {
        String java = Runtime.version().toString();
        context.reply().out(json ? Json.write(Map.of("version", number(), "java", java)) : text());
        return ExitCode.OK;
    }
}
