package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Refusal;
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
        if (!Attachment.isPossible()) {
            throw Refusal.failed("standard input is not a terminal", "agentcoord logs -f " + run.agent());
        }
        return Attachment.to(run, context.environment());
    }
}
