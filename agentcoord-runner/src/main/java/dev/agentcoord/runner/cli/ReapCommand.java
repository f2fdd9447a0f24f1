package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.session.Reaper;
import dev.agentcoord.runner.session.RunRecord;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Ends what killed runners left. */
@picocli.CommandLine.Command(
        name = "reap",
        description =
                "Ends processes and terminals that runners left when they were killed, and removes records and logs of runs that ended"
                        + " more than 7 days ago or before 100 others.")
final class ReapCommand extends CoordinatingCommand {
    @Override
    int run(Context context) throws IOException, InterruptedException {
        Reaper reaper = new Reaper(context.environment());
        List<RunRecord> reaped = reaper.reap();
        int removed = reaper.removeOld();
        if (isJson()) {
            outJson(
                    context,
                    Map.of("reaped", reaped.stream().map(RunRecord::agent).toList(), "removed", removed));
            return ExitCode.OK;
        }
        reaped.forEach(run -> context.reply().out("reaped " + run.agent() + " (" + run.id() + ")"));
        if (removed > 0) {
            context.reply().out("removed the logs of " + removed + " old runs");
        }
        if (reaped.isEmpty() && removed == 0) {
            context.reply().out("nothing was left");
        }
        return ExitCode.OK;
    }
}
