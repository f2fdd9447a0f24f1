package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.TaskState;
import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in the store after all queues were drained is what the history leads to: no acknowledged task is missing, each one ended as
 * its last claimer was told, or as its unanswered call or its death explains, and there is none beside.
 */
final class RemainsRule {
    private final TaskStories stories;
    private final List<Violation> found = new ArrayList<>();

    RemainsRule(TaskStories stories) {
        this.stories = stories;
    }

    List<Violation> check(Map<String, Integer> depths) {
        Map<String, Integer> there = new HashMap<>();
        for (TaskStory story : stories.all()) {
            Remains remains = story.remains;
            if (remains != null) {
                check(story, remains);
                there.merge(story.queue, remains.state().isPresent() ? 1 : 0, Integer::sum);
            }
        }
        depths.forEach((queue, depth) -> {
            if (!depth.equals(there.getOrDefault(queue, 0))) {
                String detail = queue + " says " + depth + ", but has " + there.getOrDefault(queue, 0);
                found.add(new Violation(Kind.DEPTH_WRONG, detail));
            }
        });
        return found;
    }

    private void check(TaskStory story, Remains remains) {
        if (remains.state().isEmpty()) {
            if (story.isAcknowledged() || !story.deliveries.isEmpty()) {
                found.add(new Violation(Kind.TASK_LOST, story.toString()));
            }
        } else if (!isExplained(story, remains, remains.state().get())) {
            found.add(new Violation(Kind.ENDED_OTHERWISE, story.toString()));
        }
    }

    private boolean isExplained(TaskStory story, Remains remains, TaskState state) {
        Delivery last = story.last();
        return switch (state) {
            case DONE -> last != null && remains.attempt() == last.attempt() && isResult(last, remains.text());
            case DEAD -> isDead(story, remains, last);
            default -> false;
        };
    }

    /** The result is that of the completion accepted, else of one whose answer never came. */
    private static boolean isResult(Delivery last, String text) {
        Finish accepted = last.accepted();
        if (accepted != null) {
            return accepted.way() == Finish.Way.COMPLETE && accepted.text().equals(text);
        }
        return last.finishes().stream()
                .anyMatch(each -> each.way() == Finish.Way.COMPLETE
                        && each.call().mayHaveSucceeded()
                        && each.text().equals(text));
    }

    private boolean isDead(TaskStory story, Remains remains, @Nullable Delivery last) {
        return (last != null && remains.attempt() == last.attempt() && mayHaveDied(last, story.maxAttempts()))
                || diedUnheard(story, remains, last);
    }

    private static boolean mayHaveDied(Delivery last, int max) {
        Finish accepted = last.accepted();
        if (accepted != null) {
            return accepted.buries(last.attempt(), max);
        }
        boolean spent = last.attempt() >= max;
        return last.mayHave(Finish.Way.BURY) || (spent && (last.mayHave(Finish.Way.FAIL) || last.mayBeAbandoned()));
    }

    /** Its last attempts were given to claimers that died before they heard of it. */
    private boolean diedUnheard(TaskStory story, Remains remains, @Nullable Delivery last) {
        if (remains.attempt() < story.maxAttempts() || story.end().isPresent()) {
            return false;
        }
        long since = last == null ? story.enqueuedFrom() : last.claim().invoked();
        int counted = last == null ? 0 : last.attempt() - (last.mayHave(Finish.Way.RELEASE) ? 1 : 0);
        int missing = remains.attempt() - counted;
        return missing > 0 && stories.unheard().explain(story.queue, since, Call.NEVER, missing);
    }
}
