package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Call;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A history by task, and by queue the claims whose answer nobody heard. Immutable once made. */
final class TaskStories {
    private final Map<String, TaskStory> byName = new LinkedHashMap<>();
    private final List<FruitlessClaim> unanswered;

    TaskStories(TaskHistory history) {
        history.enqueues()
                .forEach(each ->
                        story(each.task().queue(), each.task().id()).enqueues.add(each));
        history.deliveries()
                .forEach(each -> story(each.queue(), each.id()).deliveries.add(each));
        history.remains().forEach(each -> story(each.queue(), each.id()).remains = each);
        byName.values().forEach(TaskStory::sort);
        unanswered = history.fruitless().stream()
                .filter(each -> each.call().outcome() != Call.Outcome.REFUSED)
                .toList();
    }

    Collection<TaskStory> all() {
        return byName.values();
    }

    /** How many claims may have got a task of a queue between two moments without anybody hearing of it. */
    long unheardClaims(String queue, long from, long to) {
        return unanswered.stream()
                .filter(each -> each.queue().equals(queue))
                .filter(each -> each.call().invoked() < to)
                .filter(each -> latestEffect(each) > from)
                .count();
    }

    /** Servers may still do what was sent before its sender gave up, or was gone. */
    private static long latestEffect(FruitlessClaim claim) {
        long answered = claim.call().isSettled() ? claim.call().completed() : Call.NEVER;
        return claim.life().isUncertain()
                ? Call.NEVER
                : Math.min(answered, claim.life().deadSince());
    }

    private TaskStory story(String queue, String id) {
        return byName.computeIfAbsent(queue + "/" + id, name -> new TaskStory(queue, id));
    }
}
