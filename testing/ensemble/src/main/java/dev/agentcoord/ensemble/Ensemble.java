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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Real ZooKeeper servers, each in a JVM of its own, with their data below one temporary directory, on free loopback ports or where
 * they are told. Closing it kills them and removes their data, as the end of this JVM does. Thread-safe.
 */
public final class Ensemble implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path directory;
    private final List<EnsembleServer> servers = new CopyOnWriteArrayList<>();
    private final Thread lastResort = new Thread(this::remove, "ensemble-end");
    private boolean removed;

    private Ensemble(Path directory) {
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(lastResort);
    }

    /** One server that stands alone, or several that have elected a leader. */
    public static Ensemble start(int servers) {
        return start(EnsembleSpec.of(servers));
    }

    /** Starts what is specified and returns when every server serves. */
    public static Ensemble start(EnsembleSpec spec) {
        return start(spec, Path.of(System.getProperty("java.io.tmpdir")));
    }

    /** As {@link #start(EnsembleSpec)}, with the servers' data in a new directory below an existing one. */
    public static Ensemble start(EnsembleSpec spec, Path parent) {
        try {
            Ensemble ensemble = new Ensemble(Files.createTempDirectory(parent, "zookeeper-"));
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

    /** Where one server listens: for clients, for followers, and for an election. */
    private record Seat(Place place, int clients, int followers, int election) {
        static Seat at(Place place) {
            return new Seat(place, 2181, 2888, 3888);
        }

        String member() {
            return place.address() + ":" + followers + ":" + election;
        }
    }

    private static List<Seat> seatsHere(int count) throws IOException {
        List<Integer> ports = freePorts(3 * count);
        List<Seat> seats = new ArrayList<>();
        for (int i = 0; i < ports.size(); i += 3) {
            seats.add(new Seat(Place.HERE, ports.get(i), ports.get(i + 1), ports.get(i + 2)));
        }
        return seats;
    }

    private void launch(EnsembleSpec spec) throws IOException {
        List<Seat> seats = spec.places().isEmpty()
                ? seatsHere(spec.servers())
                : spec.places().stream().map(Seat::at).toList();
        List<String> members = new ArrayList<>();
        for (int id = 1; spec.servers() > 1 && id <= spec.servers(); id++) {
            members.add("server." + id + "=" + seats.get(id - 1).member());
        }
        for (int id = 1; id <= spec.servers(); id++) {
            Seat seat = seats.get(id - 1);
            EnsembleServer server = new EnsembleServer(directory.resolve("server" + id), seat.place(), seat.clients());
            server.configure(id, spec, members);
            begin(server);
        }
        awaitServing();
    }

    private synchronized void begin(EnsembleServer server) {
        if (removed) {
            throw new IllegalStateException("the ensemble is closed");
        }
        servers.add(server);
        server.launch();
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
        // One by one: on a busy machine all of them rarely answer at once.
        for (EnsembleServer server : servers) {
            await("every server to serve", () -> !server.mode().isEmpty());
        }
    }

    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException e) {
            // The JVM is ending already, for which the hook was there.
            return;
        }
    }

    private synchronized void remove() {
        if (!removed) {
            removed = true;
            servers.forEach(EnsembleServer::close);
            deleteBelow(directory);
        }
    }

    private String silent() {
        return servers.stream()
                .filter(server -> server.mode().isEmpty())
                .map(server -> server.connect() + ":\n" + server.lastLines())
                .collect(Collectors.joining("\n"));
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
                throw new IllegalStateException("waited " + PATIENCE + " for " + what + " of " + connect()
                        + "; who does not says:\n" + silent());
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
