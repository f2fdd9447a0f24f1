package dev.agentcoord.zk;

import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.ensemble.EnsembleSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A ZooKeeper server for the tests of a class, which cut no power and so need no synced disk. */
final class OneServer implements BeforeAllCallback, AfterAllCallback {
    private String startedFor = "";
    private @Nullable Ensemble ensemble;

    /** Called for nested classes too. */
    @Override
    public void beforeAll(ExtensionContext context) {
        if (startedFor.isEmpty()) {
            startedFor = context.getUniqueId();
            ensemble = Ensemble.start(EnsembleSpec.of(1).unsynced());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (startedFor.equals(context.getUniqueId())) {
            ensemble().close();
        }
    }

    String connect() {
        return ensemble().connect();
    }

    EnsembleServer server() {
        return ensemble().servers().get(0);
    }

    private Ensemble ensemble() {
        return Objects.requireNonNull(ensemble, "before all tests");
    }
}
