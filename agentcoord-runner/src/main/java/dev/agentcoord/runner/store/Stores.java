package dev.agentcoord.runner.store;

import dev.agentcoord.Coordinator;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.fs.FsCoordinator;
import java.nio.file.Path;

/** Opens stores. */
public final class Stores {
    private Stores() {}

    /** The coordinator of a place's space; throws {@link StoreUnavailableException} when the store cannot be reached or written. */
    public static Coordinator open(Place place) {
        return switch (place.store().kind()) {
            case FS -> FsCoordinator.open(Path.of(place.store().location()), place.space());
            case ZK ->
                throw new StoreUnavailableException(
                        place.store(), "ZooKeeper stores cannot be opened yet; use a store of the form fs:/dir", null);
        };
    }
}
