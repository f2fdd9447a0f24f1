package dev.agentcoord.ensemble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Real ZooKeeper servers, each in a JVM of its own, on free loopback ports, with their data below one temporary directory. Closing it
 * kills them and removes their data. Thread-safe but for {@link #close}.
 */
public final class Ensemble implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path directory;
    private final List<EnsembleServer> servers = new ArrayList<>();

    private Ensemble(Path directory) {
        this.directory = directory;
    }

    /** One server that stands alone, or several that have elected a leader. */
    public static Ensemble start(int servers) {
        return start(EnsembleSpec.of(servers));
    }

    /** Starts what is specified and returns when every server serves. */
    public static Ensemble start(EnsembleSpec spec) {
        try {
            Ensemble ensemble = new Ensemble(Files.createTempDirectory("zookeeper-"));
            try {
                ensemble.launch(spec);
                return ensemble;
            } catch (IOException | RuntimeException | Error e) {
                ensemble.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch(EnsembleSpec spec) throws IOException {
        List<Integer> ports = freePorts(3 * spec.servers());
        List<String> members = new ArrayList<>();
        for (int id = 1; spec.servers() > 1 && id <= spec.servers(); id++) {
            members.add("server." + id + "=127.0.0.1:" + ports.get(3 * id - 2) + ":" + ports.get(3 * id - 1));
        }
        for (int id = 1; id <= spec.servers(); id++) {
            EnsembleServer server = new EnsembleServer(directory.resolve("server" + id), ports.get(3 * id - 3));
            server.configure(id, spec, members);
            servers.add(server);
            server.launch();
        }
        awaitServing();
    }

    /** The connect string of all servers. */
    public String connect() {
        return servers.stream().map(EnsembleServer::connect).collect(Collectors.joining(","));
    }

    /** The servers, also those that do not run. */
    public List<EnsembleServer> servers() {
        return List.copyOf(servers);
    }

    /** Who leads, or stands alone; waits while an election is going on. */
    public EnsembleServer leader() {
        await("a leader", () -> findLeader().isPresent());
        return findLeader().orElseThrow();
    }

    /** Those that serve and do not lead. */
    public List<EnsembleServer> followers() {
        return servers.stream()
                .filter(server -> server.mode().equals("follower"))
                .toList();
    }

    /** Kills all servers, so that there is nobody left who remembers anything but the disks. */
    public void killAll() {
        servers.forEach(EnsembleServer::kill);
    }

    /** Starts whatever does not run and waits until every server serves. */
    public void restartAll() {
        servers.stream().filter(server -> !server.isAlive()).forEach(EnsembleServer::launch);
        awaitServing();
    }

    /** Waits until every server serves. */
    public void awaitServing() {
        await(
                "every server to serve",
                () -> servers.stream().noneMatch(server -> server.mode().isEmpty()));
    }

    @Override
    public void close() {
        killAll();
        deleteBelow(directory);
    }

    private Optional<EnsembleServer> findLeader() {
        return servers.stream()
                .filter(server -> List.of("leader", "standalone").contains(server.mode()))
                .findFirst();
    }

    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            servers.forEach(EnsembleServer::requireNotFailed);
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited " + PATIENCE + " for " + what + " of " + connect());
            }
            EnsembleServer.pause();
        }
    }

    static void deleteBelow(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All are reserved before the first is given back, so that no two are the same. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> reserved = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                reserved.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return reserved.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : reserved) {
                socket.close();
            }
        }
    }
}
