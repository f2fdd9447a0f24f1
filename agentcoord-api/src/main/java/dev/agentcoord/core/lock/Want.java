package dev.agentcoord.core.lock;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.core.path.Glob;
import dev.agentcoord.core.path.PathName;
import dev.agentcoord.core.path.PathPattern;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One item of a request, read once.
 *
 * @param item as asked for
 * @param mode as asked for
 * @param paths the set of paths it stands for; null for a name
 * @param anchor the segments of the deepest name that all these paths are or lie below; empty for a name
 */
record Want(Item item, Mode mode, @Nullable PathPattern paths, List<String> anchor) {
    static List<Want> of(LockRequest request) {
        List<Want> wants = new ArrayList<>(request.items().size());
        request.items().forEach((item, mode) -> wants.add(of(item, mode)));
        return wants;
    }

    static Want of(Item item, Mode mode) {
        PathPattern paths = pathsOf(item);
        return new Want(
                item, mode, paths, paths == null ? List.of() : paths.anchor().segments());
    }

    boolean isName() {
        return paths == null;
    }

    /** Whether whoever holds this item holds all of the other. */
    boolean covers(Want other) {
        if (item.equals(other.item)) {
            return true;
        }
        return paths != null && other.paths != null && paths.covers(other.paths);
    }

    private static @Nullable PathPattern pathsOf(Item item) {
        return switch (item.kind()) {
            case FILE -> PathPattern.file(PathName.of(item.text()));
            case TREE -> PathPattern.tree(PathName.of(item.text()));
            case GLOB -> PathPattern.glob(Glob.of(item.text()));
            case NAME -> null;
        };
    }
}
