package dev.agentcoord.runner.cli;

import dev.agentcoord.Claim;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Completes a claimed task. */
@picocli.CommandLine.Command(name = "done", description = "Completes a task that this session claimed.")
final class TaskDoneCommand extends QueueCommand {
    @Parameters(arity = "0..1", paramLabel = "ID", description = "may be left out when only one task is claimed")
    private String id = "";

    @Option(names = "--result", paramLabel = "TEXT", description = "kept with the task; - reads standard input")
    private String result = "";

    @Override
    int run(Context context) throws IOException {
        try (Membership membership = join(context)) {
            Claim claim = claimed(membership, id);
            String text = new String(context.value(result), StandardCharsets.UTF_8);
            end(context, membership, claim, "done", () -> claim.complete(text));
            return ExitCode.OK;
        }
    }
}
