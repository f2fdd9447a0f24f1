package dev.agentcoord.runner.cli;

import dev.agentcoord.Claim;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import dev.agentcoord.runner.session.Holdings;
import dev.agentcoord.runner.text.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Takes the next task for this session. */
@picocli.CommandLine.Command(
        name = "claim",
        description =
                "Takes the next task: its id on the first line, its payload below; exit code 75 when there is none.")
final class TaskClaimCommand extends QueueCommand {
    @Option(names = "--wait", paramLabel = "TIME", description = "wait up to 30s, 5m, ...; default: do not wait")
    private @Nullable String wait;

    @Override
    int run(Context context) throws InterruptedException {
        Wait budget = wait == null ? Wait.none() : Wait.upTo(Durations.parse(wait));
        try (Membership membership = join(context)) {
            Holdings holdings = holdings(membership);
            Optional<Claim> claim = claim(membership.session().queue(queueName()), budget, context);
            if (claim.isEmpty()) {
                context.reply()
                        .err("agentcoord: no task is ready in queue " + queueName()
                                + ". Next: agentcoord task claim --wait 5m");
                return ExitCode.TIMED_OUT;
            }
            if (context.cancellation().isCancelled()) {
                claim.get().release(Duration.ZERO);
                return ExitCode.TIMED_OUT;
            }
            holdings.keep(claim.get());
            answer(context, claim.get());
            return ExitCode.OK;
        }
    }

    private Optional<Claim> claim(TaskQueue queue, Wait budget, Context context) throws InterruptedException {
        Optional<Claim> ready = queue.tryClaim();
        if (ready.isPresent() || wait == null) {
            return ready;
        }
        return Optional.of(context.cancellation().awaitInterruptibly(() -> queue.claim(budget)));
    }

    private void answer(Context context, Claim claim) {
        if (isJson()) {
            Map<String, Object> map = new LinkedHashMap<>(Views.map(claim.task()));
            map.put("token", claim.token());
            map.put(
                    "locks",
                    claim.grants().stream()
                            .map(grant -> Views.map(grant.request()))
                            .toList());
            outJson(context, map);
        } else {
            context.reply().out(claim.task().id().text());
            claim.task().payloadText().lines().forEach(context.reply()::out);
            claim.grants()
                    .forEach(grant ->
                            context.reply().err("agentcoord: came with the task: " + Views.words(grant.request())));
        }
    }
}
