package dev.agentcoord.core.lock;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A map that mostly holds one entry, which then costs no table: a path of twenty directories is twenty of these. Not thread-safe. */
final class SmallMap<K, V> {
    private @Nullable K key;
    private @Nullable V value;
    private @Nullable Map<K, V> more;

    @Nullable V get(K wanted) {
        if (more != null) {
            return more.get(wanted);
        }
        return wanted.equals(key) ? value : null;
    }

    void remove(K wanted) {
        if (more != null) {
            more.remove(wanted);
        } else if (wanted.equals(key)) {
            key = null;
            value = null;
        }
    }

    boolean isEmpty() {
        return more != null ? more.isEmpty() : key == null;
    }

    /** Whether a value meets the condition; asks none after the first that does. */
    boolean anyValue(Predicate<V> condition) {
        if (more == null) {
            V only = value;
            return only != null && condition.test(only);
        }
        for (V each : more.values()) {
            if (condition.test(each)) {
                return true;
            }
        }
        return false;
    }

    void clear() {
        key = null;
        value = null;
        more = null;
    }

    /** Adds a key that is not there yet. */
    void put(K added, V with) {
        if (more == null && key == null) {
            key = added;
            value = with;
            return;
        }
        if (more == null) {
            more = new HashMap<>();
            K first = key;
            V firstValue = value;
            if (first != null && firstValue != null) {
                more.put(first, firstValue);
            }
            key = null;
            value = null;
        }
        more.put(added, with);
    }
}
