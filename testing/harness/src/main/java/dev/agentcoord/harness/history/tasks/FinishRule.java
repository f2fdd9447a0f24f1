package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The current delivery of a task is finished at most once, and no other; its living claimer is not refused without a cause. */
final class FinishRule {
    private final List<Violation> found = new ArrayList<>();

    List<Violation> check(TaskStories stories) {
        for (TaskStory story : stories.all()) {
            for (int i = 0; i < story.deliveries.size(); i++) {
                Delivery next = i + 1 < story.deliveries.size() ? story.deliveries.get(i + 1) : null;
                check(story.deliveries.get(i), next);
            }
        }
        return found;
    }

    private void check(Delivery delivery, @Nullable Delivery next) {
        int accepted = 0;
        for (Finish each : delivery.finishes()) {
            if (each.call().succeeded()) {
                accepted++;
                if (next != null && next.claim().precedes(each.call())) {
                    found.add(new Violation(Kind.STALE_ACCEPTED, each + " of " + delivery + " / " + next));
                }
            } else if (each.call().outcome() == Call.Outcome.LOST && !isExplained(each, delivery, next)) {
                found.add(new Violation(Kind.CLAIM_LOST, each + " of " + delivery));
            }
        }
        if (accepted > 1) {
            found.add(new Violation(Kind.STALE_ACCEPTED, delivery.toString()));
        }
    }

    /** Refused because it was finished before, or after its session's end, or because another has it now. */
    private static boolean isExplained(Finish refused, Delivery delivery, @Nullable Delivery next) {
        long by = refused.call().completed();
        boolean closed = delivery.close() != null && delivery.close().invoked() < by;
        boolean mayHaveEnded = delivery.life().isUncertain();
        boolean another = next != null && next.claim().invoked() < by;
        return closed
                || mayHaveEnded
                || another
                || delivery.finishes().stream()
                        .anyMatch(each ->
                                each.call().mayHaveSucceeded() && each.call().invoked() < by && !each.equals(refused));
    }
}
