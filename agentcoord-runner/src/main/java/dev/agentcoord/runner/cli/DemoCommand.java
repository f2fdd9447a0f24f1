package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Launcher;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.demo.Demo;
import dev.agentcoord.runner.demo.DemoOptions;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Shows what agentcoord is for. */
@picocli.CommandLine.Command(
        name = "demo",
        description =
                "Lets agents work on a clone of this repository, first without agentcoord and then with it, and counts what is lost.")
final class DemoCommand extends Command {
    @Option(names = "--agents", paramLabel = "N", description = "how many work at once; default: ${DEFAULT-VALUE}")
    private int agents = 6;

    @Option(
            names = "--edits",
            paramLabel = "N",
            description = "how many they make in each part; default: ${DEFAULT-VALUE}")
    private int edits = 36;

    @Option(names = "--json", description = "print one JSON object instead of the table")
    private boolean json;

    @Option(names = "--keep", description = "leave the temporary directory in place and say where it is")
    private boolean keep;

    @Option(names = "--chaos", description = "kill -9 an agent and a runner in the middle of the coordinated part")
    private boolean chaos;

    @Override
    int run(Context context) throws IOException, InterruptedException {
        return new Demo(options(), context.reply()::out, context.reply()::err).run();
    }

    private DemoOptions options() {
        Path launcher = Launcher.path()
                .orElseThrow(
                        () -> Refusal.failed("the demo needs the launcher, which was not used", "./agentcoord demo"));
        try {
            return new DemoOptions(agents, edits, json, keep, chaos, launcher);
        } catch (IllegalArgumentException e) {
            throw Refusal.usage("demo: " + e.getMessage(), "agentcoord demo --help");
        }
    }
}
