package dev.agentcoord.zk;

import dev.agentcoord.ensemble.Ensemble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same on three servers, each client on one of its own choice. */
final class ZkEnsembleContractIT extends ZkContract {
    private static Ensemble ensemble;

    @BeforeAll
    static void start() {
        ensemble = Ensemble.start(3);
    }

    @AfterAll
    static void stop() {
        ensemble.close();
    }

    @Override
    String connect() {
        return ensemble.connect();
    }
}
