package dev.agentcoord.fs;

import dev.agentcoord.LossCause;
import dev.agentcoord.Session;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.testkit.BackendContract;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
final class FsContractIT extends BackendContract {
    @TempDir
    private Path dir;

    @Override
    public Backend open() {
        return FsCoordinator.backend(dir, "contract", FsOptions.defaults());
    }

    @Override
    public void kill(Session session) {
        Space space = Space.open(dir, "contract", FsOptions.defaults());
        Objects.requireNonNull(space.members().get(session.info().id())).lose(LossCause.SESSION_LOST);
    }
}
