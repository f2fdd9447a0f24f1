package dev.agentcoord.zk;

import dev.agentcoord.Session;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.testkit.BackendUnderTest;
import dev.agentcoord.testkit.GrantContract;
import dev.agentcoord.testkit.LockContract;
import dev.agentcoord.testkit.SessionContract;
import dev.agentcoord.testkit.WaitContract;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Nested;

/** What every backend must pass, on some ensemble. */
abstract class ZkContract implements BackendUnderTest {
    private final String space = "kit-" + UUID.randomUUID();
    private final List<ZkBackend> opened = new CopyOnWriteArrayList<>();

    abstract String connect();

    @Override
    public Backend open() {
        ZkBackend backend = Zk.open(ZkOptions.of(connect(), space).withTtl(java.time.Duration.ofSeconds(10)));
        opened.add(backend);
        return backend;
    }

    @Override
    public void kill(Session session) {
        opened.stream()
                .flatMap(backend -> backend.joined().stream())
                .filter(joined -> joined.info().equals(session.info()))
                .forEach(ZkStoreSession::die);
    }

    @Nested
    class Sessions extends SessionContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class Locks extends LockContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class Waits extends WaitContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class Grants extends GrantContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }
}
