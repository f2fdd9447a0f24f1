package dev.agentcoord.benchmarks;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.ensemble.EnsembleSpec;
import dev.agentcoord.zk.ZkCoordinator;
import dev.agentcoord.zk.ZkOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;

/**
 * A ZooKeeper server that stands alone, in a JVM of its own, on loopback, and syncs every write. We and Curator are measured on the same
 * one. Whatever was opened here is closed here. Not thread-safe.
 */
final class ZkServer implements Peer {
    /** Of the sessions of both. */
    static final Duration TTL = Duration.ofSeconds(10);

    static final Duration TICK = Duration.ofMillis(500);

    private static final int SECONDS = 30;

    private final Ensemble ensemble;
    private final List<Coordinator> opened = new ArrayList<>();
    private final List<CuratorFramework> clients = new ArrayList<>();

    private ZkServer(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /** With its data below a directory; the JVM is one as a server gets, and takes any number of connections. */
    static ZkServer start(Path directory) {
        EnsembleSpec spec = EnsembleSpec.of(1)
                .tick(TICK)
                .line("maxClientCnxns=0")
                .jvm("-Xmx768m")
                .jvm("-XX:TieredStopAtLevel=4");
        return new ZkServer(Ensemble.start(spec, directory));
    }

    String connect() {
        return ensemble.connect();
    }

    @Override
    public int port() {
        return server().port();
    }

    private EnsembleServer server() {
        return ensemble.servers().get(0);
    }

    /** A new session in a space. */
    Session join(String space, String agent) {
        return join(space, agent, TTL);
    }

    /** The same, which the server waits for so long when it is silent. */
    Session join(String space, String agent, Duration ttl) {
        Coordinator coordinator = coordinator(connect(), space, ttl);
        opened.add(coordinator);
        return coordinator.join(Participant.named(agent));
    }

    /** A new client of Curator. */
    CuratorFramework curator() {
        CuratorFramework client = curator(connect());
        clients.add(client);
        return client;
    }

    static Coordinator coordinator(String connect, String space, Duration ttl) {
        return ZkCoordinator.connect(ZkOptions.of(connect, space).withTtl(ttl));
    }

    static CuratorFramework curator(String connect) {
        CuratorFramework client = CuratorFrameworkFactory.newClient(
                connect, (int) TTL.toMillis(), (int) TTL.toMillis(), new RetryOneTime(100));
        client.start();
        try {
            if (client.blockUntilConnected(SECONDS, TimeUnit.SECONDS)) {
                return client;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
        throw new IllegalStateException("Curator did not connect to " + connect);
    }

    @Override
    public void close() {
        opened.forEach(Coordinator::close);
        clients.forEach(CuratorFramework::close);
        ensemble.close();
    }
}
