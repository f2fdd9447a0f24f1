package dev.agentcoord.runner.cli;

import dev.agentcoord.TaskId;
import dev.agentcoord.runner.Refusal;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cancels a task. */
@picocli.CommandLine.Command(
        name = "cancel",
        description =
                "Cancels a task, claimed or not, and those that depend on it; exit code 1 when it is done already.")
final class TaskCancelCommand extends QueueCommand {
    @Parameters(arity = "1", paramLabel = "ID", description = "the task")
    private String id = "";

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "why, kept with the task")
    private String reason = "";

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            boolean cancelled =
                    membership.session().queue(queueName()).control().cancel(new TaskId(id), reason);
            if (!cancelled) {
                throw Refusal.failed(
                        "task " + id + " is done or cancelled already", "agentcoord task show " + id + sameQueue());
            }
            if (isJson()) {
                outJson(context, Map.of("id", id, "result", "cancelled"));
            } else {
                context.reply().out("cancelled " + id);
            }
            return ExitCode.OK;
        }
    }
}
