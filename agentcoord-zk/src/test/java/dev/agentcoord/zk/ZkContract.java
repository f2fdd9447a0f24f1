package dev.agentcoord.zk;

import dev.agentcoord.Session;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.testkit.BackendContract;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What every backend must pass, on some ensemble; each test in a space of its own. */
@Execution(ExecutionMode.CONCURRENT)
abstract class ZkContract extends BackendContract {
    private final ZkSubject space = new ZkSubject(this::connect);

    abstract String connect();

    @Override
    public Backend open() {
        return space.open();
    }

    @Override
    public void kill(Session session) {
        space.kill(session);
    }
}
