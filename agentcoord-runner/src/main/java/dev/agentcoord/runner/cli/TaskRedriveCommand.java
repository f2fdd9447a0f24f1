package dev.agentcoord.runner.cli;

import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.Limits;
import dev.agentcoord.runner.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets dead letters be tried again. */
@picocli.CommandLine.Command(
        name = "redrive",
        description = "Gives dead letters all their attempts again; exit code 1 when one is not dead.")
final class TaskRedriveCommand extends QueueCommand {
    @Parameters(arity = "0..*", paramLabel = "ID", description = "the tasks")
    private List<String> ids = List.of();

    @Option(names = "--all", description = "all dead letters of the queue")
    private boolean all;

    @Override
    int run(Context context) {
        if (ids.isEmpty() != all) {
            throw Refusal.usage("name tasks or say --all, one of both", "agentcoord task redrive --all" + sameQueue());
        }
        List<TaskId> named = ids.stream().map(TaskId::new).toList();
        try (Membership membership = join(context)) {
            TaskQueue queue = membership.session().queue(queueName());
            List<TaskId> redriven = new ArrayList<>();
            List<TaskId> others = new ArrayList<>();
            for (TaskId id : all ? dead(queue) : named) {
                (queue.control().redrive(id) ? redriven : others).add(id);
            }
            if (isJson()) {
                outJson(context, Map.of("redriven", redriven));
            } else {
                redriven.forEach(id -> context.reply().out("redriven " + id));
            }
            if (!others.isEmpty()) {
                throw Refusal.failed(
                        "not dead: "
                                + String.join(
                                        ", ", others.stream().map(TaskId::text).toList()),
                        "agentcoord task show " + others.get(0).text() + sameQueue());
            }
            return ExitCode.OK;
        }
    }

    private static List<TaskId> dead(TaskQueue queue) {
        List<TaskId> dead = new ArrayList<>();
        TaskPage page = queue.list(TaskState.DEAD, "", Limits.PAGE);
        page.tasks().stream().map(TaskInfo::id).forEach(dead::add);
        while (page.next().isPresent()) {
            page = queue.list(TaskState.DEAD, page.next().get(), Limits.PAGE);
            page.tasks().stream().map(TaskInfo::id).forEach(dead::add);
        }
        return dead;
    }
}
