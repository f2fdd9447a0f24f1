package dev.agentcoord.core.lock;

import dev.agentcoord.Item;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The queues of all live items: names by equality, paths by overlap. */
final class ItemIndex {
    private final Map<Item, ItemQueue> names = new HashMap<>();
    private final PathIndex paths = new PathIndex();

    void add(Want want, Ticket ticket) {
        if (want.isName()) {
            names.computeIfAbsent(want.item(), name -> new ItemQueue(want)).add(ticket, want.mode());
        } else {
            paths.add(want, ticket);
        }
    }

    void remove(Want want, Ticket ticket) {
        if (want.isName()) {
            names.computeIfPresent(want.item(), (name, queue) -> {
                queue.remove(ticket, want.mode());
                return queue.isEmpty() ? null : queue;
            });
        } else {
            paths.remove(want, ticket);
        }
    }

    /** Whether a queue of an item that overlaps meets the condition; asks none after the first that does. */
    boolean anyOverlapping(Want want, Predicate<ItemQueue> condition) {
        if (want.isName()) {
            ItemQueue same = names.get(want.item());
            return same != null && condition.test(same);
        }
        return paths.anyOverlapping(want, condition);
    }

    void clear() {
        names.clear();
        paths.clear();
    }
}
