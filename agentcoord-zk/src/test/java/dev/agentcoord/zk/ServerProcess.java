package dev.agentcoord.zk;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.curator.test.InstanceSpec;
import org.apache.zookeeper.server.ZooKeeperServerMain;

/** A real ZooKeeper server in a JVM of its own, on loopback, with a tick of 500 ms: it keeps sessions from 1 to 10 seconds. */
final class ServerProcess implements AutoCloseable {
    private final Path directory;
    private final int port = InstanceSpec.getRandomPort();
    private Process process;

    private ServerProcess(Path directory) throws IOException {
        this.directory = directory;
        this.process = launch();
    }

    static ServerProcess start() throws IOException {
        return new ServerProcess(Files.createTempDirectory("zookeeper-"));
    }

    int port() {
        return port;
    }

    String connect() {
        return "127.0.0.1:" + port;
    }

    /** SIGKILL: no snapshot, no goodbye. */
    void kill() {
        process.destroyForcibly();
        await().until(() -> !process.isAlive());
    }

    void restart() throws IOException {
        process = launch();
    }

    void restartEmpty() throws IOException {
        deleteData();
        restart();
    }

    @Override
    public void close() {
        kill();
        deleteData();
    }

    private Process launch() throws IOException {
        Path config = directory.resolve("zoo.cfg");
        Files.writeString(
                config,
                "dataDir=" + directory.resolve("data") + "\nclientPort=" + port
                        + "\nclientPortAddress=127.0.0.1\ntickTime=500\n4lw.commands.whitelist=srvr\n");
        Process started = Jvm.start(
                directory.resolve("log"),
                List.of("-Dzookeeper.admin.enableServer=false"),
                ZooKeeperServerMain.class,
                config.toString());
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            if (!started.isAlive()) {
                throw new AssertionError(Files.readString(directory.resolve("log")));
            }
            return answers();
        });
        return started;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            // A server that is only just starting may take the connection and never answer it.
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(new byte[] {'s', 'r', 'v', 'r'});
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).contains("Mode:");
        } catch (IOException e) {
            return false;
        }
    }

    private void deleteData() {
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
