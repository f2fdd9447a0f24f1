package dev.agentcoord.runner.cli;

import dev.agentcoord.Claim;
import dev.agentcoord.StaleClaimException;
import dev.agentcoord.TaskState;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.session.Holdings;
import dev.agentcoord.runner.text.ShellQuote;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command about a task queue. */
abstract class QueueCommand extends CoordinatingCommand {
    private static final String DEFAULT = "default";

    @Option(names = "--queue", paramLabel = "NAME", description = "the queue; default: " + DEFAULT)
    private @Nullable String queue;

    /** The queue's name. */
    final String queueName() {
        return queue == null ? DEFAULT : queue;
    }

    /** What to type behind another command so that it is about the same queue. */
    final String sameQueue() {
        return queueName().equals(DEFAULT) ? "" : " --queue " + ShellQuote.word(queueName());
    }

    /** The claim that is meant: by its task's id, or the only one; of the queue that was named, of any when none was. */
    final Claim claimed(Membership membership, String id) {
        return holdings(membership).claim(id, Optional.ofNullable(queue), membership.session());
    }

    /** Ends a claim, forgets it and says what became of it; one that had ended already is forgotten, too. */
    final void end(Context context, Membership membership, Claim claim, String word, Runnable ending) {
        try {
            ending.run();
        } catch (StaleClaimException e) {
            holdings(membership).drop(claim);
            throw ended(membership, claim, e);
        }
        holdings(membership).forget(claim);
        answer(context, claim, word);
    }

    private static StaleClaimException ended(Membership membership, Claim claim, StaleClaimException cause) {
        return membership
                .session()
                .queue(claim.queue())
                .find(claim.task().id())
                .filter(task -> task.state() == TaskState.CANCELLED)
                .map(task -> new StaleClaimException(
                        task,
                        Refusal.text(
                                "nothing was changed: task " + task.id() + " was cancelled, stop working on it",
                                "agentcoord task show " + task.id()
                                        + (claim.queue().equals(DEFAULT) ? "" : " --queue " + claim.queue()))))
                .orElse(cause);
    }

    /** What the session holds; refuses outside a session, where a claim would end with the command. */
    static Holdings holdings(Membership membership) {
        return membership
                .run()
                .map(AgentRun::holdings)
                .orElseThrow(() -> Refusal.usage(
                        "a claim lives in a session, and this is none", "agentcoord run --name NAME -- COMMAND"));
    }

    /** Says what became of a claimed task. */
    private void answer(Context context, Claim claim, String word) {
        if (isJson()) {
            outJson(context, Map.of("id", claim.task().id(), "result", word));
        } else {
            context.reply().out(word + " " + claim.task().id());
        }
    }
}
