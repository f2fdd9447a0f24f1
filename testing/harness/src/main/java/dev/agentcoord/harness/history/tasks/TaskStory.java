package dev.agentcoord.harness.history.tasks;

import dev.agentcoord.harness.history.Call;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that is known of one task, its deliveries in the order of their numbers. Filled once, then only read. */
final class TaskStory {
    final String queue;
    final String id;
    final List<Enqueue> enqueues = new ArrayList<>();
    final List<Delivery> deliveries = new ArrayList<>();

    @Nullable Remains remains;

    TaskStory(String queue, String id) {
        this.queue = queue;
        this.id = id;
    }

    void sort() {
        deliveries.sort(Comparator.comparingInt(Delivery::number)
                .thenComparingLong(each -> each.claim().completed()));
    }

    Optional<TaskSpec> spec() {
        return enqueues.stream().map(Enqueue::task).findFirst();
    }

    int maxAttempts() {
        return spec().map(TaskSpec::maxAttempts).orElse(Integer.MAX_VALUE);
    }

    /** Before this nobody can have known of it. */
    long enqueuedFrom() {
        return enqueues.stream()
                .filter(each -> each.call().mayHaveSucceeded())
                .mapToLong(each -> each.call().invoked())
                .min()
                .orElse(Call.NEVER);
    }

    /** From then on it certainly was in the queue: somebody had been told so, or had even got it. */
    long enqueuedBy() {
        long told = enqueues.stream()
                .filter(each -> each.call().succeeded())
                .mapToLong(each -> each.call().completed())
                .min()
                .orElse(Call.NEVER);
        long got = deliveries.stream()
                .mapToLong(each -> each.claim().completed())
                .min()
                .orElse(Call.NEVER);
        return Math.min(told, got);
    }

    boolean isAcknowledged() {
        return enqueues.stream().anyMatch(each -> each.call().succeeded());
    }

    @Nullable Delivery last() {
        return deliveries.isEmpty() ? null : deliveries.get(deliveries.size() - 1);
    }

    /** The end of the delivery that ended it for good; empty where none certainly did. */
    Optional<Call> end() {
        for (Delivery each : deliveries) {
            Finish accepted = each.accepted();
            if (accepted != null && accepted.ends(each.attempt(), maxAttempts())) {
                return Optional.of(accepted.call());
            }
        }
        return Optional.empty();
    }

    /** Before this it had certainly not ended for good, since a claimer still had it. */
    long notEndedBefore() {
        Delivery last = last();
        return last == null ? Long.MIN_VALUE : last.heldUntil();
    }

    @Override
    public String toString() {
        return queue + "/" + id + " enqueued " + enqueuedFrom() + ".." + enqueuedBy() + " " + deliveries
                + (remains == null ? "" : " remains " + remains);
    }
}
