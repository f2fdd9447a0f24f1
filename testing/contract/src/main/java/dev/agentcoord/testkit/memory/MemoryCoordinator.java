package dev.agentcoord.testkit.memory;

import dev.agentcoord.Coordinator;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;

/** Opens a space in this JVM's memory, for tests of code that uses agentcoord. Nothing outlives the coordinator. */
public final class MemoryCoordinator {
    private MemoryCoordinator() {}

    /** A coordinator of a new, empty space, on the system's clocks. */
    public static Coordinator create(String space) {
        return over(new MemoryBackend(space, TimeSource.system()), TimeSource.system());
    }

    /** A coordinator of an existing space; several may share one. */
    public static Coordinator over(MemoryBackend space, TimeSource time) {
        return Engine.over(space, time);
    }
}
