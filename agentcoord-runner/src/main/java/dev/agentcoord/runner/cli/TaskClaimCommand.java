package dev.agentcoord.runner.cli;

import dev.agentcoord.Claim;
import dev.agentcoord.QueueSettings;
import dev.agentcoord.TaskAttempt;
import dev.agentcoord.TaskQueue;
import dev.agentcoord.Wait;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.Holdings;
import dev.agentcoord.runner.text.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Takes the next task for this session. */
@picocli.CommandLine.Command(
        name = "claim",
        description =
                "Takes the next task: its id on the first line, its payload below, a newline after it if it has none; exit code 75 when there is none.")
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
                throw none(membership.session().queue(queueName()));
            }
            if (context.cancellation().isCancelled()) {
                claim.get().release(Duration.ZERO);
                return ExitCode.TIMED_OUT;
            }
            holdings.keep(claim.get());
            answer(
                    context,
                    claim.get(),
                    handedOff(claim.get(), membership.session().queue(queueName())));
            return ExitCode.OK;
        }
    }

    private Optional<Claim> claim(TaskQueue queue, Wait budget, Context context) throws InterruptedException {
        return wait == null
                ? queue.tryClaim()
                : Optional.of(context.cancellation().awaitInterruptibly(() -> queue.claim(budget)));
    }

    private Refusal none(TaskQueue queue) {
        return queue.control().settings().mode() == QueueSettings.Mode.PAUSED
                ? Refusal.timedOut(
                        "queue " + queueName() + " is paused, nobody may claim a task",
                        "agentcoord task queue --mode open" + sameQueue())
                : Refusal.timedOut(
                        "no task is ready in queue " + queueName(), "agentcoord task claim --wait 5m" + sameQueue());
    }

    /** How the delivery before ended, when it was handed off to this one. */
    private static Optional<TaskAttempt> handedOff(Claim claim, TaskQueue queue) {
        List<TaskAttempt> history =
                claim.token().incarnation() > 1 ? queue.history(claim.task().id()) : List.of();
        return history.stream()
                .filter(attempt -> attempt.delivery() < claim.token().incarnation())
                .reduce((earlier, later) -> later)
                .filter(attempt -> attempt.outcome() == TaskAttempt.Outcome.HANDED_OFF);
    }

    private void answer(Context context, Claim claim, Optional<TaskAttempt> handedOff) {
        if (isJson()) {
            Map<String, Object> map = new LinkedHashMap<>(Views.map(claim.task()));
            map.put("token", claim.token());
            map.put(
                    "locks",
                    claim.grants().stream()
                            .map(grant -> Views.map(grant.request()))
                            .toList());
            handedOff.ifPresent(attempt -> {
                map.put("handedOffBy", attempt.agent());
                map.put("note", attempt.text());
            });
            outJson(context, map);
        } else {
            context.reply().out(claim.task().id().text());
            byte[] payload = claim.task().payload();
            context.reply().raw(payload);
            if (payload.length > 0 && payload[payload.length - 1] != '\n') {
                context.reply().raw(new byte[] {'\n'}); // What is printed next begins a line.
            }
            handedOff.ifPresent(attempt -> context.reply()
                    .err("agentcoord: handed off by " + (attempt.agent().isEmpty() ? "somebody" : attempt.agent())
                            + (attempt.text().isEmpty() ? "" : ": " + attempt.text())));
            claim.grants()
                    .forEach(grant ->
                            context.reply().err("agentcoord: came with the task: " + Views.words(grant.request())));
        }
    }
}
