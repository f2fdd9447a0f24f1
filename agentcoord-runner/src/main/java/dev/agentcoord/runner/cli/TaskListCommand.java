package dev.agentcoord.runner.cli;

import dev.agentcoord.TaskInfo;
import dev.agentcoord.TaskPage;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.TaskState;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.text.ShellQuote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Lists a queue. */
@picocli.CommandLine.Command(name = "list", description = "Lists a queue's tasks in delivery order.")
final class TaskListCommand extends QueueCommand {
    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "only ready, scheduled, blocked, claimed, done, dead or cancelled ones")
    private @Nullable TaskState state;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "at most so many of each state; default: ${DEFAULT-VALUE}")
    private int limit = 100;

    @Option(names = "--page", paramLabel = "CURSOR", description = "go on where a page of that state ended")
    private String page = "";

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            TaskQueue queue = membership.session().queue(queueName());
            if (state == null && !page.isEmpty()) {
                throw Refusal.usage(
                        "a page is of one state",
                        "agentcoord task list --state ready --page " + ShellQuote.word(page) + sameQueue());
            }
            List<TaskInfo> tasks = new ArrayList<>();
            for (TaskState wanted : state == null ? Arrays.asList(TaskState.values()) : List.of(state)) {
                TaskPage found = queue.list(wanted, page, limit);
                tasks.addAll(found.tasks());
                found.next()
                        .ifPresent(cursor -> context.reply()
                                .err("agentcoord: there are more. Next: agentcoord task list --state "
                                        + wanted.name().toLowerCase(Locale.ROOT) + " --page "
                                        + ShellQuote.word(cursor) + sameQueue()));
            }
            outList(context, tasks, Views::map, Views::line, "no such task in queue " + queueName());
            return ExitCode.OK;
        }
    }
}
