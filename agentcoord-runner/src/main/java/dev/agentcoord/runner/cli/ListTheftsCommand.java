package dev.agentcoord.runner.cli;

import dev.agentcoord.Intervention;
import java.util.List;
import picocli.CommandLine.Option;

/** Lists what was stolen lately. */
@picocli.CommandLine.Command(
        name = "thefts",
        description = "Lists the latest thefts, the last first: who took what from whom, when and why.")
final class ListTheftsCommand extends CoordinatingCommand {
    @Option(names = "--limit", paramLabel = "N", description = "at most that many; default: ${DEFAULT-VALUE}")
    private int limit = 20;

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            List<Intervention> thefts = membership.coordinator().thefts(limit);
            outList(context, thefts, Views::map, Views::line, "nothing was stolen");
            return ExitCode.OK;
        }
    }
}
