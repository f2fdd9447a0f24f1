package dev.agentcoord;

import java.util.List;

/** What a watch of the shared state tells. Revisions of a key only rise; values in between two looks may be left out, the last never is. */
public sealed interface StateEvent {
    /**
     * Everything there is with the prefix: the first event of a watch, and whenever the watch cannot say what changed. A key that was told
     * of before and is not listed is gone.
     *
     * @param values in key order
     */
    record Resync(List<Versioned> values) implements StateEvent {
        /** Copies. */
        public Resync {
            values = List.copyOf(values);
        }
    }

    /**
     * A key has a new value.
     *
     * @param value the key, its value and revision
     */
    record Put(Versioned value) implements StateEvent {}

    /**
     * A key that was told of before is gone: deleted, or ephemeral and its session has ended.
     *
     * @param key the key
     * @param revision the last one told of
     */
    record Deleted(String key, long revision) implements StateEvent {}
}
