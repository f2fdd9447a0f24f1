package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Violation;
import dev.agentcoord.harness.history.Violation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Of the tasks with one ordering key one is under way at a time, and each only after all enqueued before it have ended. */
final class KeyRule {
    private final List<Violation> found = new ArrayList<>();

    List<Violation> check(TaskStories stories) {
        byKey(stories).values().forEach(tasks -> {
            checkOneAtATime(tasks);
            checkOrder(tasks);
        });
        return found;
    }

    /** The tasks of each queue and key, named by both. */
    static Map<String, List<TaskStory>> byKey(TaskStories stories) {
        Map<String, List<TaskStory>> byKey = new HashMap<>();
        for (TaskStory each : stories.all()) {
            each.spec()
                    .flatMap(TaskSpec::key)
                    .ifPresent(key -> byKey.computeIfAbsent(each.queue + "/" + key, name -> new ArrayList<>())
                            .add(each));
        }
        return byKey;
    }

    private void checkOneAtATime(List<TaskStory> tasks) {
        List<Delivery> deliveries = new ArrayList<>();
        tasks.forEach(each -> deliveries.addAll(each.deliveries));
        deliveries.sort(Comparator.comparingLong(each -> each.claim().completed()));
        for (int i = 1; i < deliveries.size(); i++) {
            Delivery one = deliveries.get(i - 1);
            Delivery next = deliveries.get(i);
            if (next.claim().completed() < one.heldUntil() && !one.id().equals(next.id())) {
                found.add(new Violation(Kind.KEY_ORDER, one + " / " + next));
            }
        }
    }

    private void checkOrder(List<TaskStory> tasks) {
        List<TaskStory> inOrder = new ArrayList<>(tasks);
        inOrder.sort(Comparator.comparingLong(TaskStory::enqueuedFrom));
        for (TaskStory later : inOrder) {
            if (later.deliveries.isEmpty()) {
                continue;
            }
            Delivery first = later.deliveries.get(0);
            for (TaskStory earlier : inOrder) {
                if (earlier == later || earlier.enqueuedFrom() > later.enqueuedFrom()) {
                    break;
                }
                if (earlier.enqueuedBy() < later.enqueuedFrom()
                        && first.claim().completed() < earlier.notEndedBefore()) {
                    found.add(new Violation(Kind.KEY_ORDER, first + " / " + earlier));
                }
            }
        }
    }
}
