package dev.agentcoord.engine;

import dev.agentcoord.Coordinator;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.spi.Backend;

/** Makes a {@link Coordinator} out of a backend. What a backend's own factory calls; users never do. */
public final class Engine {
    private Engine() {}

    /** A coordinator that owns the backend and closes it at its end; deadlines run on {@link TimeSource#nanos()}. */
    public static Coordinator over(Backend backend, TimeSource time) {
        return new EngineCoordinator(backend, time, new Workers());
    }
}
