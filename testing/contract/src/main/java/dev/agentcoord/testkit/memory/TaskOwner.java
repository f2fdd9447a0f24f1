package dev.agentcoord.testkit.memory;

import dev.agentcoord.TaskId;
import dev.agentcoord.core.lock.Owner;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A task as the owner of tickets.
 *
 * @param queue that it is in
 * @param id its name there
 */
record TaskOwner(MemoryQueue queue, TaskId id) {
    static TaskOwner of(MemoryBackend backend, Owner task) {
        int slash = task.id().indexOf('/');
        return new TaskOwner(
                backend.queue(task.id().substring(0, slash)),
                new TaskId(task.id().substring(slash + 1)));
    }

    @Nullable MemorySession claimer() {
        return queue.claimerOf(id);
    }

    /** The number of the delivery that somebody has. */
    OptionalInt delivery() {
        MemorySession claimer = claimer();
        return claimer == null ? OptionalInt.empty() : queue.deliveryTo(claimer, id);
    }

    boolean isDeliveredTo(MemorySession session, int delivery) {
        OptionalInt its = queue.deliveryTo(session, id);
        return its.isPresent() && its.getAsInt() == delivery;
    }

    boolean isOver() {
        return queue.isOver(id);
    }

    boolean isParkedTooLong() {
        return queue.isParkedTooLong(id);
    }
}
