package dev.agentcoord.core.lock;

import dev.agentcoord.Item;
import dev.agentcoord.Mode;
import dev.agentcoord.core.path.PathPattern;
import org.jspecify.annotations.Nullable;

/** Whether two items have anything in common: for paths, whether some path, existing or not, is in both. Stateless. */
public final class Overlap {
    private Overlap() {}

    /** Whether whoever holds one item exclusively keeps everybody from the other. */
    public static boolean of(Item one, Item other) {
        @Nullable PathPattern paths = Want.of(one, Mode.EXCLUSIVE).paths();
        @Nullable PathPattern others = Want.of(other, Mode.EXCLUSIVE).paths();
        return (paths == null || others == null) ? one.equals(other) : paths.overlaps(others);
    }
}
