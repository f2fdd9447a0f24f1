package dev.agentcoord.zk;

import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class ZkContractIT extends ZkContract {
    private static Ensemble ensemble;

    @BeforeAll
    static void start() {
        ensemble = Ensemble.start(EnsembleSpec.of(1).unsynced());
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
