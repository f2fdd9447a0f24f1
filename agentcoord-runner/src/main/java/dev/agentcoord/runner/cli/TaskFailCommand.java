package dev.agentcoord.runner.cli;

import dev.agentcoord.Claim;
import dev.agentcoord.Retry;
import dev.agentcoord.runner.text.Durations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends an attempt without success. */
@picocli.CommandLine.Command(
        name = "fail",
        description = "Fails a task that this session claimed; it is tried again later.")
final class TaskFailCommand extends QueueCommand {
    @Parameters(arity = "0..1", paramLabel = "ID", description = "may be left out when only one task is claimed")
    private String id = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why, kept with the task")
    private String reason = "";

    @Option(names = "--never", description = "do not try it again")
    private boolean never;

    @Option(
            names = "--after",
            paramLabel = "TIME",
            description = "try again after this much time; default: longer each time")
    private @Nullable String after;

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            Claim claim = claimed(membership, id);
            end(context, membership, claim, "failed", () -> claim.fail(reason, retry()));
            return ExitCode.OK;
        }
    }

    private Retry retry() {
        if (never) {
            return Retry.never();
        }
        return after == null ? Retry.withBackoff() : Retry.after(Durations.parse(after));
    }
}
