package dev.agentcoord.harness.history.tasks;

import java.util.List;
import java.util.Map;

/**
 * What all agents of one run did with its queues. Immutable.
 *
 * @param enqueues every call that enqueued a task
 * @param deliveries every delivery that somebody learned of
 * @param fruitless every other claim
 * @param remains of each task that was ever named, once all queues were drained; empty where nobody looked
 * @param depths how many tasks each queue says it has, ended ones included; empty where nobody looked
 */
public record TaskHistory(
        List<Enqueue> enqueues,
        List<Delivery> deliveries,
        List<FruitlessClaim> fruitless,
        List<Remains> remains,
        Map<String, Integer> depths) {
    /** Copies its parts. */
    public TaskHistory {
        enqueues = List.copyOf(enqueues);
        deliveries = List.copyOf(deliveries);
        fruitless = List.copyOf(fruitless);
        remains = List.copyOf(remains);
        depths = Map.copyOf(depths);
    }
}
