package dev.agentcoord.zk;

import dev.agentcoord.testkit.BackendUnderTest;
import dev.agentcoord.testkit.LockContract;
import dev.agentcoord.testkit.SessionContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Part of the kit on a server in a container, as it is shipped; all of it takes longer and asks the server nothing else. */
final class ZkContainerContractIT {
    private static ContainerEnsemble ensemble;
    private final ZkSubject space = new ZkSubject(() -> ensemble.connect());

    @BeforeAll
    static void start() {
        ensemble = ContainerEnsemble.start(1);
    }

    @AfterAll
    static void stop() {
        // Nothing was started where there is no engine.
        if (ensemble != null) {
            ensemble.close();
        }
    }

    @Nested
    class Sessions extends SessionContract {
        @Override
        protected BackendUnderTest subject() {
            return space;
        }
    }

    @Nested
    class Locks extends LockContract {
        @Override
        protected BackendUnderTest subject() {
            return space;
        }
    }
}
