package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An etcd server of our own, alone and on loopback, that syncs each write. Not thread-safe. */
final class EtcdPeer implements Peer {
    private static final String COMMAND = "etcd";
    /** Where other members would come in; there are none. */
    private static final String ANYWHERE = "http://127.0.0.1:0";

    private static final int MILLIS = 5_000;

    private final ServerProcess process;
    private final int port;
    private @Nullable EtcdClient client;

    private EtcdPeer(ServerProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it with its data below a directory; empty where it is not installed. */
    static Optional<EtcdPeer> start(Path directory) throws IOException, InterruptedException {
        if (!ServerProcess.isInstalled(COMMAND)) {
            return Optional.empty();
        }
        int port = ServerProcess.freePort();
        String address = address(port);
        List<String> command = List.of(
                COMMAND,
                "--data-dir=etcd-data",
                "--listen-client-urls=" + address,
                "--advertise-client-urls=" + address,
                "--listen-peer-urls=" + ANYWHERE,
                "--initial-advertise-peer-urls=" + ANYWHERE,
                "--initial-cluster=default=" + ANYWHERE);
        return Optional.of(new EtcdPeer(ServerProcess.start(command, directory, () -> isHealthy(port)), port));
    }

    static String address(int port) {
        return "http://127.0.0.1:" + port;
    }

    private static boolean isHealthy(int port) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(address(port) + "/health").toURL().openConnection();
            connection.setConnectTimeout(MILLIS);
            connection.setReadTimeout(MILLIS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public int port() {
        return port;
    }

    /** A client, which ends with the server. */
    EtcdClient client() {
        EtcdClient known = client;
        if (known == null) {
            known = new EtcdClient(port);
            client = known;
        }
        return known;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        process.close();
    }
}
