package dev.agentcoord.runner.cli;

import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Lists a queue. */
@picocli.CommandLine.Command(name = "ls", description = "Lists a queue's tasks in delivery order.")
final class TaskListCommand extends QueueCommand {
    @Option(names = "--state", paramLabel = "STATE", description = "only ${COMPLETION-CANDIDATES}")
    private @Nullable TaskState state;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "at most so many of each state; default: ${DEFAULT-VALUE}")
    private int limit = 100;

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            TaskQueue queue = membership.session().queue(queueName());
            List<TaskInfo> tasks = new ArrayList<>();
            for (TaskState wanted : state == null ? Arrays.asList(TaskState.values()) : List.of(state)) {
                tasks.addAll(queue.list(wanted, limit));
            }
            outList(context, tasks, Views::map, Views::line, "no such task in queue " + queueName());
            return ExitCode.OK;
        }
    }
}
