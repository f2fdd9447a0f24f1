package dev.agentcoord.runner.cli;

import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.runner.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** Shows one task. */
@picocli.CommandLine.Command(
        name = "show",
        description = "Shows a task and how its deliveries ended; exit code 1 when there is none of that id.")
final class TaskShowCommand extends QueueCommand {
    @Parameters(arity = "1", paramLabel = "ID", description = "the task")
    private String id = "";

    @Override
    int run(Context context) {
        TaskId task = new TaskId(id);
        try (Membership membership = join(context)) {
            TaskQueue queue = membership.session().queue(queueName());
            Optional<TaskInfo> found = queue.find(task);
            if (found.isEmpty()) {
                throw Refusal.failed(
                        "no task " + id + " in queue " + queueName(), "agentcoord task list" + sameQueue());
            }
            List<TaskAttempt> history = queue.history(task);
            if (isJson()) {
                Map<String, Object> map = new LinkedHashMap<>(Views.map(found.get()));
                map.put("history", history.stream().map(Views::map).toList());
                outJson(context, map);
            } else {
                context.reply().out(Views.line(found.get()));
                history.forEach(attempt -> context.reply().out(Views.line(attempt)));
            }
            return ExitCode.OK;
        }
    }
}
