package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Call;
import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A claim gets the task that is first by priority, then in the order of enqueueing, or one of the first few where that is all that was
 * promised; and it gets one if there is one. Counts only tasks that were ready all the time that the claim took.
 */
final class OrderRule {
    private final TaskStories stories;
    private final QueuePromise promise;
    private final List<Violation> found = new ArrayList<>();

    OrderRule(TaskStories stories, QueuePromise promise) {
        this.stories = stories;
        this.promise = promise;
    }

    /**
     * A claim and the task it got.
     *
     * @param call when
     * @param got the task; null for none
     * @param what for people
     */
    private record Claimed(
            Call call, String queue, @Nullable TaskStory got, Object what) {}

    List<Violation> check(List<FruitlessClaim> fruitless) {
        List<Claimed> claims = new ArrayList<>();
        for (TaskStory story : stories.all()) {
            story.deliveries.forEach(each -> claims.add(new Claimed(each.claim(), story.queue, story, each)));
        }
        fruitless.stream()
                .filter(each -> each.call().outcome() == Call.Outcome.REFUSED)
                .forEach(each -> claims.add(new Claimed(each.call(), each.queue(), null, each)));
        claims.sort(Comparator.comparingLong(each -> each.call.invoked()));
        Map<String, ReadyTimes> ready = ReadyTimes.byQueue(stories, promise);
        for (Claimed each : claims) {
            ReadyTimes times = ready.get(each.queue);
            if (times != null) {
                check(each, times.throughout(each.call));
            }
        }
        return found;
    }

    private void check(Claimed claim, List<TaskStory> ready) {
        TaskStory got = claim.got;
        if (got == null) {
            if (!ready.isEmpty()) {
                found.add(new Violation(Kind.NOTHING_FOUND, claim.what + " / " + ready.get(0)));
            }
            return;
        }
        List<TaskStory> ahead =
                ready.stream().filter(each -> isAhead(each, got)).toList();
        if (ahead.size() >= promise.window()) {
            found.add(new Violation(Kind.TASK_OVERTAKEN, claim.what + " / " + ahead.get(0)));
        }
    }

    private static boolean isAhead(TaskStory one, TaskStory other) {
        int priority = priority(one) - priority(other);
        return priority < 0 || (priority == 0 && one.enqueuedBy() < other.enqueuedFrom());
    }

    private static int priority(TaskStory story) {
        return story.spec().map(TaskSpec::priority).orElse(Integer.MAX_VALUE);
    }
}
