package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Life;

/**
 * A claim that told nobody of a task: it found none, or its answer never came.
 *
 * @param life the session that called
 * @param call when and how
 * @param queue it was to claim from
 */
public record FruitlessClaim(Life life, Call call, String queue) {
    @Override
    public String toString() {
        return "claim from " + queue + " by " + life + " at " + call.invoked() + ".." + call.completed();
    }
}
