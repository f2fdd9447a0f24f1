package dev.agentcoord.harness.history.tasks;

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
                .filter(each -> !each.call().isSettled())
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
                .filter(each -> Math.min(each.call().completed(), each.life().deadSince()) > from)
                .count();
    }

    private TaskStory story(String queue, String id) {
        return byName.computeIfAbsent(queue + "/" + id, name -> new TaskStory(queue, id));
    }
}
