package dev.agentcoord.harness.history.tasks;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** A history by task, and the claims whose answer nobody heard. Not thread-safe. */
final class TaskStories {
    private final Map<String, TaskStory> byName = new LinkedHashMap<>();
    private final UnheardClaims unheard;

    TaskStories(TaskHistory history) {
        history.enqueues()
                .forEach(each ->
                        story(each.task().queue(), each.task().id()).enqueues.add(each));
        history.deliveries()
                .forEach(each -> story(each.queue(), each.id()).deliveries.add(each));
        history.remains().forEach(each -> story(each.queue(), each.id()).remains = each);
        byName.values().forEach(TaskStory::sort);
        unheard = new UnheardClaims(history.fruitless());
    }

    Collection<TaskStory> all() {
        return byName.values();
    }

    /** What explains deliveries that nobody told of, one each whichever rule asks. */
    UnheardClaims unheard() {
        return unheard;
    }

    private TaskStory story(String queue, String id) {
        return byName.computeIfAbsent(queue + "/" + id, name -> new TaskStory(queue, id));
    }
}
