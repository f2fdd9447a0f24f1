package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.session.RunRecord;
import dev.agentcoord.runner.tmux.Tmux;
import java.io.IOException;
import java.util.Map;

/** The caller's terminal joined to an agent's. */
final class Attachment {
    private Attachment() {}

    /** Whether standard input is a terminal. */
    static boolean isPossible() throws IOException, InterruptedException {
        return new ProcessBuilder("test", "-t", "0").inheritIO().start().waitFor() == 0;
    }

    /** Joins until the user leaves or the agent ends; tmux's own exit code. */
    static int to(RunRecord run, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(new Tmux(run.runtime().tmuxSocket()).attachCommand(run.agent())).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().remove("TMUX");
        return builder.start().waitFor();
    }
}
