package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks a history of task queues against what every backend promises: each task is a state machine of its own, driven by calls of which
 * only the interval is known, in the manner of Jepsen's queue checkers; the order of delivery is judged from tasks that were ready
 * throughout a claim. Calls without an answer are settled by what came after them. Nearly linear. Stateless.
 */
public final class QueueChecker {
    private QueueChecker() {}

    /** Every violation found, grouped by rule; empty for a history that shows no broken promise. */
    public static List<Violation> check(TaskHistory history, QueuePromise promise) {
        TaskStories stories = new TaskStories(history);
        List<Violation> found = new ArrayList<>();
        found.addAll(new DeliveryRule(stories).check());
        found.addAll(new FinishRule().check(stories));
        found.addAll(new AttemptRule().check(stories));
        found.addAll(new OrderRule(stories, promise).check(history.fruitless()));
        found.addAll(new KeyRule().check(stories));
        found.addAll(new RemainsRule(stories).check(history.depths()));
        return found;
    }
}
