package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.fs.FsCoordinator;
import java.nio.file.Path;

/** How a simulated agent gets into the store; implemented by anyone who wants a backend of their own simulated. */
@FunctionalInterface
public interface BackendOpener {
    /** The space that all agents of a run share. */
    String SPACE = "simulation";

    /** Opens {@link #SPACE} in the store that lives in, or is named by, a directory of the run. */
    Coordinator open(Path directory);

    /**
     * The opener of a backend.
     *
     * @param backend {@code fs}, {@code zk}, or the name of a class on the class path that implements this and has a public constructor;
     *     after {@code zk:} its directory names ZooKeeper servers as that of {@code zk} does
     */
    static BackendOpener named(String backend) {
        if (backend.equals("fs")) {
            return directory -> FsCoordinator.open(directory, SPACE);
        }
        if (backend.equals(ZkStore.BACKEND)) {
            return ZkStore::open;
        }
        try {
            return Class.forName(ZkStore.classOf(backend))
                    .asSubclass(BackendOpener.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "'" + backend + "' is no backend; use fs, zk or a class that implements "
                            + BackendOpener.class.getName(),
                    e);
        }
    }
}
