package dev.agentcoord.runner.cli;

import java.io.IOException;
import picocli.CommandLine.Option;

/** One command; its fields are filled from the arguments before it runs. Made anew for each request. */
abstract class Command {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    private boolean help;

    /** Whether only its help was asked for. */
    final boolean isHelp() {
        return help;
    }

    /** Whether it is not done when the session turns out to have lost a lock, so that its caller notices before it goes on. */
    boolean stopsAfterLoss() {
        return false;
    }

    /** Whether what follows {@code --} is a command to run; elsewhere those are arguments that may begin with a dash. */
    boolean takesCommand() {
        return false;
    }

    /** Does it and returns the exit code. */
    abstract int run(Context context) throws IOException, InterruptedException;
}
