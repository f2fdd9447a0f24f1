package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.server.ZooKeeperServerMain;

/** A ZooKeeper server of our own, in a JVM of its own, on loopback, syncing every write, and Curator's mutex on it. */
final class CuratorPeer implements Peer, Runnable {
    private static final int SECONDS = 30;
    private static final String LOG = "zookeeper.log";

    private final Process server;
    private final int port;
    private final CuratorFramework client;
    private final InterProcessMutex mutex;

    private CuratorPeer(Process server, int port, CuratorFramework client) {
        this.server = server;
        this.port = port;
        this.client = client;
        this.mutex = new InterProcessMutex(client, "/bench/lock");
    }

    static CuratorPeer start(Path directory) throws IOException, InterruptedException {
        int port = RedisPeer.freePort();
        Process server = startServer(directory, port);
        CuratorFramework client =
                CuratorFrameworkFactory.newClient("127.0.0.1:" + port, 15_000, 5_000, new RetryOneTime(100));
        client.start();
        if (!client.blockUntilConnected(SECONDS, TimeUnit.SECONDS)) {
            client.close();
            server.destroyForcibly();
            throw Logs.failure("ZooKeeper did not start", directory.resolve(LOG));
        }
        return new CuratorPeer(server, port, client);
    }

    @Override
    public int port() {
        return port;
    }

    private static Process startServer(Path directory, int port) throws IOException {
        Path config = directory.resolve("zookeeper.cfg");
        Files.writeString(
                config,
                "dataDir=" + directory.resolve("zookeeper") + "\nclientPort=" + port
                        + "\nclientPortAddress=127.0.0.1\ntickTime=2000\n");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dzookeeper.admin.enableServer=false",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                ZooKeeperServerMain.class.getName(),
                config.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(directory.resolve(LOG).toFile()))
                .start();
    }

    /** Acquires and releases. */
    @Override
    public void run() {
        try {
            mutex.acquire();
            mutex.release();
        } catch (Exception e) {
            throw new IllegalStateException("Curator's mutex failed", e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.destroyForcibly();
    }
}
