package dev.agentcoord.testkit.memory;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Session;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.testkit.BackendContract;
import dev.agentcoord.testkit.BackendUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The contract applied to the broken backend that the run is about; started by {@link BrokenBackendsTest} alone. */
@ExtendWith(BrokenContract.Choice.class)
final class BrokenContract extends BackendContract {
    private final BackendUnderTest subject;

    BrokenContract(Broken broken) {
        this.subject = broken.subject();
    }

    @Override
    public Backend open() {
        return subject.open();
    }

    @Override
    public void kill(Session session) {
        subject.kill(session);
    }

    @Override
    public Coordinator coordinator(Backend backend, TimeSource time) {
        return subject.coordinator(backend, time);
    }

    @Override
    public Duration patience() {
        return subject.patience();
    }

    /** Finds the broken backend by the name that the run was started with. */
    static final class Choice implements ParameterResolver {
        static final String KEY = "broken";

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Broken.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return BrokenBackends.named(context.getConfigurationParameter(KEY).orElseThrow());
        }
    }
}
