package dev.agentcoord.runner.cli;

import dev.agentcoord.Claim;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.session.Holdings;
import java.util.Map;
import picocli.CommandLine.Option;

/** A command about a task queue. */
abstract class QueueCommand extends CoordinatingCommand {
    @Option(names = "--queue", paramLabel = "NAME", description = "the queue; default: ${DEFAULT-VALUE}")
    private String queue = "default";

    /** The queue's name. */
    final String queueName() {
        return queue;
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
    final void answer(Context context, Claim claim, String word) {
        if (isJson()) {
            outJson(context, Map.of("id", claim.task().id(), "result", word));
        } else {
            context.reply().out(word + " " + claim.task().id());
        }
    }
}
