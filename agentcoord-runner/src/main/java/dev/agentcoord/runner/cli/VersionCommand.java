package dev.agentcoord.runner.cli;

import java.util.Objects;

/** Prints the version. */
@picocli.CommandLine.Command(name = "version", description = "Prints the version.")
final class VersionCommand extends Command {
    static String text() {
        return "agentcoord "
                + Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "(not packaged)")
                + ", Java " + Runtime.version();
    }

    @Override
    int run(Context context) {
        context.reply().out(text());
        return ExitCode.OK;
    }
}
