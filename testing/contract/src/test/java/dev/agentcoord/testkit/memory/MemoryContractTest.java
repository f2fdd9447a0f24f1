package dev.agentcoord.testkit.memory;

import dev.agentcoord.Session;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.testkit.BackendContract;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
final class MemoryContractTest extends BackendContract {
    private final MemoryBackend space = new MemoryBackend("contract", TimeSource.system());

    @Override
    public Backend open() {
        return space;
    }

    @Override
    public void kill(Session session) {
        space.kill(session.info().id());
    }
}
