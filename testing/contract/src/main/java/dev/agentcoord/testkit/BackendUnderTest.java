package dev.agentcoord.testkit;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Session;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import dev.agentcoord.spi.Backend;
import java.time.Duration;

/** What the contract tests need to know of a backend. One object serves one test. */
public interface BackendUnderTest {
    /** Opens the one space of this object, empty at the first call; each call gives another process's view of it. */
    Backend open();

    /** Ends a session as a crash would, so that all others can prove it dead when this returns. */
    void kill(Session session);

    /** What the backend is used through; overridden only to show that the tests catch a broken one. */
    default Coordinator coordinator(Backend backend, TimeSource time) {
        return Engine.over(backend, time);
    }

    /** How long to wait in real time for what must happen soon. */
    default Duration patience() {
        return Duration.ofSeconds(20);
    }
}
