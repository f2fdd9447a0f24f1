package dev.agentcoord.harness.history;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.Pool;
import dev.agentcoord.core.path.Glob;
import dev.agentcoord.core.path.PathName;
import dev.agentcoord.core.path.PathPattern;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which requests conflict, each pair of different requests decided once. A request is known by its number here. Deliberately not the
 * ticket table that backends decide with. Not thread-safe.
 */
final class Conflicts {
    private final Map<LockRequest, Integer> numbers = new HashMap<>();
    private final List<LockRequest> requests = new ArrayList<>();
    private final List<List<Boolean>> rows = new ArrayList<>();

    /** The number of a request, the same for equal requests. */
    int number(LockRequest request) {
        Integer known = numbers.get(request);
        return known != null ? known : add(request);
    }

    int size() {
        return requests.size();
    }

    boolean conflict(int first, int second) {
        return rows.get(Math.max(first, second)).get(Math.min(first, second));
    }

    private int add(LockRequest request) {
        int number = requests.size();
        requests.add(request);
        rows.add(requests.stream().map(other -> conflict(request, other)).toList());
        numbers.put(request, number);
        return number;
    }

    /** Whether two requests of different owners can never be granted together. */
    static boolean conflict(LockRequest first, LockRequest second) {
        return itemsConflict(first, second) || permitsConflict(first, second);
    }

    private static boolean itemsConflict(LockRequest first, LockRequest second) {
        for (Map.Entry<Item, Mode> one : first.items().entrySet()) {
            for (Map.Entry<Item, Mode> other : second.items().entrySet()) {
                if (one.getValue().conflictsWith(other.getValue()) && overlap(one.getKey(), other.getKey())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean permitsConflict(LockRequest first, LockRequest second) {
        for (Map.Entry<Pool, Integer> one : first.permits().entrySet()) {
            Integer other = second.permits().get(one.getKey());
            if (other != null && one.getValue() + other > one.getKey().capacity()) {
                return true;
            }
        }
        return false;
    }

    static boolean sharePool(LockRequest first, LockRequest second) {
        for (Pool pool : first.permits().keySet()) {
            if (second.permits().containsKey(pool)) {
                return true;
            }
        }
        return false;
    }

    private static boolean overlap(Item first, Item second) {
        if (first.kind() == Item.Kind.NAME || second.kind() == Item.Kind.NAME) {
            return first.equals(second);
        }
        return pattern(first).overlaps(pattern(second));
    }

    private static PathPattern pattern(Item item) {
        return switch (item.kind()) {
            case FILE -> PathPattern.file(PathName.of(item.text()));
            case TREE -> PathPattern.tree(PathName.of(item.text()));
            case GLOB -> PathPattern.glob(Glob.of(item.text()));
            case NAME -> throw new IllegalArgumentException("a name is no set of paths: " + item);
        };
    }
}
