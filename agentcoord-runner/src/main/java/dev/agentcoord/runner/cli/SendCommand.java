package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.session.RunRecord;
import dev.agentcoord.runner.tmux.Tmux;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** Types a text into an agent's terminal. */
@picocli.CommandLine.Command(name = "send", description = "Types a text and Enter into an agent's terminal.")
final class SendCommand extends AgentCommand {
    @Parameters(index = "1", paramLabel = "TEXT", description = "- reads standard input")
    private String text = "";

    @Override
    int run(Context context) throws IOException, InterruptedException {
        RunRecord run = run(context, true);
        String typed = new String(context.value(text), StandardCharsets.UTF_8);
        new Tmux(run.runtime().tmuxSocket()).type(run.agent(), typed);
        if (isJson()) {
            outJson(context, Map.of("sent", run.agent()));
        } else {
            context.reply().out("sent to " + run.agent());
        }
        return ExitCode.OK;
    }
}
