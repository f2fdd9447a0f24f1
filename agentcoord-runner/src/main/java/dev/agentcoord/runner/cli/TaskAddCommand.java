package dev.agentcoord.runner.cli;

import dev.agentcoord.NewTask;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskInfo;
import dev.agentcoord.runner.text.Durations;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a task into a queue. */
@picocli.CommandLine.Command(name = "add", description = "Puts a task into a queue and prints its id.")
final class TaskAddCommand extends QueueCommand {
    @Parameters(arity = "1", paramLabel = "PAYLOAD", description = "what to do; - reads standard input")
    private String payload = "";

    @Option(names = "--id", paramLabel = "ID", description = "an id of your own: adding it again adds nothing")
    private @Nullable String id;

    @Option(names = "--priority", paramLabel = "0-9", description = "0 first; default: ${DEFAULT-VALUE}")
    private int priority = NewTask.DEFAULT_PRIORITY;

    @Option(names = "--attempts", paramLabel = "N", description = "tries before it is dead; default: ${DEFAULT-VALUE}")
    private int attempts = NewTask.DEFAULT_MAX_ATTEMPTS;

    @Option(names = "--delay", paramLabel = "TIME", description = "not before this much time")
    private String delay = "0";

    @Option(names = "--dedup", paramLabel = "KEY", description = "adds nothing while a task of this key has not ended")
    private @Nullable String dedup;

    @Option(names = "--order", paramLabel = "KEY", description = "tasks of a key run one after the other")
    private @Nullable String order;

    @Option(names = "--for", paramLabel = "AGENT", description = "only for the agent of that name")
    private @Nullable String target;

    @Option(
            names = "--needs",
            paramLabel = "WORD",
            split = ",",
            description = "only for who has all these capabilities")
    private Set<String> needs = Set.of();

    @Option(names = "--depends-on", paramLabel = "ID", split = ",", description = "not before these are done")
    private Set<String> dependsOn = Set.of();

    @Option(names = "--header", paramLabel = "KEY=VALUE", description = "shown with the task; may be repeated")
    private Map<String, String> headers = Map.of();

    @Override
    int run(Context context) throws IOException {
        NewTask task = NewTask.of(context.value(payload))
                .priority(priority)
                .maxAttempts(attempts)
                .delay(Durations.parse(delay))
                .headers(headers)
                .requires(needs)
                .dependsOn(dependsOn.stream().map(TaskId::new).collect(Collectors.toSet()));
        task = id == null ? task : task.id(new TaskId(id));
        task = dedup == null ? task : task.dedupKey(dedup);
        task = order == null ? task : task.orderingKey(order);
        task = target == null ? task : task.target(target);
        try (Membership membership = join(context)) {
            TaskInfo added = membership.session().queue(queueName()).enqueue(task);
            if (isJson()) {
                outJson(context, Views.map(added));
            } else {
                context.reply().out(added.id().text());
            }
            return ExitCode.OK;
        }
    }
}
