package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.session.Reaper;
import dev.agentcoord.runner.session.RunRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Ends what killed runners left. */
@picocli.CommandLine.Command(
        name = "reap",
        description = "Ends processes and terminals that runners left when they were killed.")
final class ReapCommand extends CoordinatingCommand {
    @Override
    int run(Context context) throws IOException, InterruptedException {
        List<RunRecord> reaped = new Reaper(context.environment()).reap();
        if (isJson()) {
            outJson(
                    context,
                    Map.of("reaped", reaped.stream().map(RunRecord::agent).toList()));
        } else if (reaped.isEmpty()) {
            context.reply().out("nothing was left");
        } else {
            reaped.forEach(run -> context.reply().out("reaped " + run.agent() + " (" + run.id() + ")"));
        }
        return ExitCode.OK;
    }
}
