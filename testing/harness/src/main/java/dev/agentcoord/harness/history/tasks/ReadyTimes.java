package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Call;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The times during which tasks of one queue were ready, to be asked about calls in the order of their beginning. Not thread-safe. */
final class ReadyTimes {
    private final List<ReadyTime> all;
    private final List<ReadyTime> current = new ArrayList<>();
    private int next;

    private ReadyTimes(List<ReadyTime> all) {
        this.all = all;
    }

    static Map<String, ReadyTimes> byQueue(TaskStories stories, QueuePromise promise) {
        Map<String, List<TaskStory>> byKey = KeyRule.byKey(stories);
        Map<String, List<ReadyTime>> times = new HashMap<>();
        for (TaskStory each : stories.all()) {
            String prefix = each.queue + "/";
            ReadyTime.Finder finder = new ReadyTime.Finder(
                    promise, stories.unheard(), key -> byKey.getOrDefault(prefix + key, List.of()));
            times.computeIfAbsent(each.queue, queue -> new ArrayList<>()).addAll(finder.of(each));
        }
        Map<String, ReadyTimes> byQueue = new HashMap<>();
        times.forEach((queue, list) -> {
            list.sort(Comparator.comparingLong(ReadyTime::from));
            byQueue.put(queue, new ReadyTimes(list));
        });
        return byQueue;
    }

    /** The tasks that were ready all the time that a call took; each call must begin after the one asked about before. */
    List<TaskStory> throughout(Call call) {
        while (next < all.size() && all.get(next).from() <= call.invoked()) {
            current.add(all.get(next++));
        }
        current.removeIf(each -> each.until() < call.invoked());
        return current.stream()
                .filter(each -> each.covers(call))
                .map(ReadyTime::task)
                .toList();
    }
}
