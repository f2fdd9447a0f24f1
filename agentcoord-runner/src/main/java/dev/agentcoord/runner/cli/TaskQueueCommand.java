package dev.agentcoord.runner.cli;

import dev.agentcoord.QueueSettings;
import dev.agentcoord.QueueStatus;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.runner.text.Durations;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Shows and changes a queue. */
@picocli.CommandLine.Command(
        name = "queue",
        description =
                "Shows how a queue stands: tasks by state, the age of the oldest, settings; changes those first if told to.")
final class TaskQueueCommand extends QueueCommand {
    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = "open, paused (nobody claims) or draining (nobody adds)")
    private QueueSettings.@Nullable Mode mode;

    @Option(names = "--max-depth", paramLabel = "N", description = "tasks that have not ended, at most")
    private @Nullable Integer depth;

    @Option(
            names = "--max-per-session",
            paramLabel = "N",
            description = "those of them that one session added, at most")
    private @Nullable Integer share;

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            TaskQueue queue = membership.session().queue(queueName());
            QueueSettings before = queue.control().settings();
            QueueSettings settings = mode == null ? before : before.mode(mode);
            settings = depth == null ? settings : settings.maxDepth(depth);
            settings = share == null ? settings : settings.maxPerSession(share);
            if (!settings.equals(before)) {
                queue.control().configure(settings);
            }
            answer(context, queue.status());
            return ExitCode.OK;
        }
    }

    private void answer(Context context, QueueStatus status) {
        QueueSettings settings = status.settings();
        if (isJson()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("queue", queueName());
            map.put("mode", settings.mode().name().toLowerCase(Locale.ROOT));
            map.put("maxDepth", settings.maxDepth());
            map.put("maxPerSession", settings.maxPerSession());
            Map<String, Object> depths = new LinkedHashMap<>();
            new TreeMap<>(status.depth())
                    .forEach((state, n) -> depths.put(state.name().toLowerCase(Locale.ROOT), n));
            map.put("depth", depths);
            status.oldest().ifPresent(age -> map.put("oldestMillis", age.toMillis()));
            outJson(context, map);
            return;
        }
        context.reply()
                .out("queue " + queueName() + "  " + settings.mode().name().toLowerCase(Locale.ROOT) + "  at most "
                        + settings.maxDepth() + " tasks, " + settings.maxPerSession() + " of a session");
        new TreeMap<>(status.depth()).forEach((state, n) -> {
            if (n > 0) {
                context.reply().out("  " + state.name().toLowerCase(Locale.ROOT) + "  " + n);
            }
        });
        status.oldest().ifPresent(age -> context.reply().out("  the oldest waits for " + Durations.brief(age)));
    }
}
