package dev.agentcoord.core.lock;

import dev.agentcoord.Item;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The queues of all live items: names by equality, paths by overlap. */
final class ItemIndex {
    private final Map<Item, ItemQueue> names = new HashMap<>();
    private final PathIndex paths = new PathIndex();

    void add(Want want, Ticket ticket) {
        queue(want).add(ticket, want.mode());
    }

    void remove(Want want, Ticket ticket) {
        ItemQueue queue = find(want);
        if (queue == null) {
            return;
        }
        queue.remove(ticket, want.mode());
        if (queue.isEmpty()) {
            drop(want);
        }
    }

    /** Whether a queue of an item that overlaps meets the condition; asks none after the first that does. */
    boolean anyOverlapping(Want want, Predicate<ItemQueue> condition) {
        if (want.paths() != null) {
            return paths.anyOverlapping(want.paths(), condition);
        }
        ItemQueue same = names.get(want.item());
        return same != null && condition.test(same);
    }

    void clear() {
        names.clear();
        paths.clear();
    }

    private ItemQueue queue(Want want) {
        return want.paths() == null
                ? names.computeIfAbsent(want.item(), name -> new ItemQueue(want))
                : paths.queue(want, want.paths());
    }

    private @Nullable ItemQueue find(Want want) {
        return want.paths() == null ? names.get(want.item()) : paths.find(want.item(), want.paths());
    }

    private void drop(Want want) {
        if (want.paths() == null) {
            names.remove(want.item());
        } else {
            paths.drop(want.item(), want.paths());
        }
    }
}
