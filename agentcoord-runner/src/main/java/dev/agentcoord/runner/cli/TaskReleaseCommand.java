package dev.agentcoord.runner.cli;

import dev.agentcoord.Claim;
import dev.agentcoord.runner.text.Durations;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a claimed task back unfinished. */
@picocli.CommandLine.Command(
        name = "release",
        description = "Gives a claimed task back; it does not count as an attempt.")
final class TaskReleaseCommand extends QueueCommand {
    @Parameters(arity = "0..1", paramLabel = "ID", description = "may be left out when only one task is claimed")
    private String id = "";

    @Option(names = "--delay", paramLabel = "TIME", description = "not claimable before this much time")
    private String delay = "0";

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            Claim claim = claimed(membership, id);
            end(context, membership, claim, "released", () -> claim.release(Durations.parse(delay)));
            return ExitCode.OK;
        }
    }
}
