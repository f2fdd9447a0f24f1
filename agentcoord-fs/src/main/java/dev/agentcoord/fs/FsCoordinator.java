package dev.agentcoord.fs;

import dev.agentcoord.Coordinator;
import dev.agentcoord.StoreFormatException;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.core.Canonical;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.spi.Backend;
import java.nio.file.Path;

/** Opens spaces on a file system that several processes and users of one host share. No daemon; stateless, thread-safe. */
public final class FsCoordinator {
    private FsCoordinator() {}

    /**
     * Opens a space of the store in a directory, making both if they are not there. Throws {@link StoreFormatException} for a store or
     * file system it cannot trust, {@link StoreUnavailableException} when it cannot be read or written.
     */
    public static Coordinator open(Path root, String space) {
        return open(root, space, FsOptions.defaults());
    }

    /** As {@link #open(Path, String)}, with options. */
    public static Coordinator open(Path root, String space, FsOptions options) {
        return Engine.over(backend(root, space, options), TimeSource.system());
    }

    /**
     * What stands in a space and serves nobody, once all of it has been removed that this user may remove. Throws as {@link #open(Path,
     * String)} does.
     */
    public static FsReport inspect(Path root, String space) {
        Space opened = Space.open(root, Canonical.agentName(space), FsOptions.defaults());
        try (Backend backend = new FsBackend(opened, FsOptions.defaults())) {
            backend.sessions();
            backend.tickets();
            return Calls.typed(opened.layout().home(), new Inspection(opened)::run);
        }
    }

    static Backend backend(Path root, String space, FsOptions options) {
        return new FsBackend(Space.open(root, Canonical.agentName(space), options), options);
    }
}
