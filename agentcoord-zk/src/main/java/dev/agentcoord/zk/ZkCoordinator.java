package dev.agentcoord.zk;

import dev.agentcoord.Coordinator;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;

/**
 * Opens spaces on a ZooKeeper ensemble, which participants on many hosts share; throws typed errors when they
 * cannot be reached. Stateless, thread-safe.
 */
public final class ZkCoordinator {
    private ZkCoordinator() {}

    /**
     * Connects and opens the space, which is made if it is new. Throws {@link dev.agentcoord.StoreUnavailableException} where the
     * ensemble cannot be reached in time or refuses, {@link dev.agentcoord.InvalidRequestException} for a chroot that does not exist or
     * a ttl the servers do not grant, {@link dev.agentcoord.StoreFormatException} for a space or a server it does not know.
     */
    public static Coordinator connect(ZkOptions options) {
        return Engine.over(ZkBackend.connect(options, TimeSource.system()), TimeSource.system());
    }

    /** Looks at the ensemble and the space without joining it; throws as {@link #connect}. */
    public static ZkReport inspect(ZkOptions options) {
        return Inspection.of(options);
    }
}
