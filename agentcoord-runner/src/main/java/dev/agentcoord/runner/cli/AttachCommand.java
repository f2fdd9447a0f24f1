package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.session.RunRecord;
import java.io.IOException;

/** Shows an agent's terminal on the caller's. */
@picocli.CommandLine.Command(
        name = "attach",
        description = "Joins an agent's terminal; C-b d leaves it, the agent goes on.")
final class AttachCommand extends AgentCommand {
    @Override
    int run(Context context) throws IOException, InterruptedException {
        context.requireOwnProcess("attach");
        RunRecord run = run(context, true);
        return Attachment.to(run, context.environment());
    }
}
