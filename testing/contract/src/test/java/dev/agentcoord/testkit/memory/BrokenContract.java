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
    private final Duration patience;

    BrokenContract(Broken broken, Duration patience) {
        this.subject = broken.subject();
        this.patience = patience;
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
        return patience;
    }

    /** Finds the broken backend by the name that the run was started with, and how long to wait for what it may never do. */
    static final class Choice implements ParameterResolver {
        static final String KEY = "broken";
        static final String PATIENCE = "broken.patience";

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Broken.class
                    || parameter.getParameter().getType() == Duration.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Broken.class
                    ? BrokenBackends.named(
                            context.getConfigurationParameter(KEY).orElseThrow())
                    : Duration.parse(context.getConfigurationParameter(PATIENCE).orElseThrow());
        }
    }
}
