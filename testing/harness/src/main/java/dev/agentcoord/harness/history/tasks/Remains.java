package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.TaskState;
import java.util.Optional;

/**
 * What the store says of a task when all is over.
 *
 * @param queue of the task
 * @param id of the task
 * @param state where it stands; empty when the store does not know it
 * @param attempt how often it was tried
 * @param text its result or the last cause
 */
public record Remains(String queue, String id, Optional<TaskState> state, int attempt, String text) {
    @Override
    public String toString() {
        return state.map(TaskState::name).orElse("unknown") + " attempt " + attempt + " '" + text + "'";
    }
}
