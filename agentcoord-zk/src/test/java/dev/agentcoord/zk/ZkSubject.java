package dev.agentcoord.zk;

import dev.agentcoord.Session;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.testkit.BackendUnderTest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A space on some ensemble, for tests of the kit. */
final class ZkSubject implements BackendUnderTest {
    private final Supplier<String> connect;
    private final String space = "kit-" + UUID.randomUUID();
    private final List<ZkBackend> opened = new CopyOnWriteArrayList<>();

    ZkSubject(Supplier<String> connect) {
        this.connect = connect;
    }

    @Override
    public Backend open() {
        ZkBackend backend = Zk.open(ZkOptions.of(connect.get(), space).withTtl(Duration.ofSeconds(10)));
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
}
