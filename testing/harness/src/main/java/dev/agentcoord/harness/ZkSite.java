package dev.agentcoord.harness;

import dev.agentcoord.ensemble.Ensemble;
import dev.agentcoord.ensemble.EnsembleServer;
import dev.agentcoord.ensemble.EnsembleSpec;
import dev.agentcoord.ensemble.Network;
import dev.agentcoord.ensemble.Place;
import dev.agentcoord.harness.Plan.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Three ZooKeeper servers. Where the network is to be cut, each server and each agent has a network namespace of its own; else all are on
 * loopback. Thread-safe.
 */
final class ZkSite implements Site {
    private static final int SERVERS = 3;
    /** Followers that are silent for four of it are given up, which a busy machine should not be enough for. */
    private static final Duration TICK = Duration.ofSeconds(1);

    private static final long SHORTEST_MILLIS = 300;
    private static final long LONGEST_MILLIS = 3_000;

    private final Ensemble ensemble;
    private final @Nullable Network network;
    private final int agents;

    private ZkSite(Ensemble ensemble, @Nullable Network network, int agents) {
        this.ensemble = ensemble;
        this.network = network;
        this.agents = agents;
    }

    static ZkSite build(Plan plan, Path directory) throws IOException {
        boolean isCut = plan.faults().contains(Fault.PARTITION);
        Network network = isCut ? Network.of(SERVERS + plan.agents()) : null;
        try {
            EnsembleSpec spec = EnsembleSpec.of(SERVERS).tick(TICK);
            Ensemble ensemble = Ensemble.start(network == null ? spec : spec.at(serverPlaces(network)));
            ZkStore.name(directory, ensemble.connect());
            return new ZkSite(ensemble, network, plan.agents());
        } catch (IOException | RuntimeException e) {
            if (network != null) {
                network.close();
            }
            throw e;
        }
    }

    private static List<Place> serverPlaces(Network network) {
        return IntStream.range(0, SERVERS).mapToObj(network::place).toList();
    }

    @Override
    public Place place(int agent) {
        return network == null ? Place.HERE : network.place(SERVERS + agent);
    }

    @Override
    public void suffer(Fault fault, Random random) throws InterruptedException {
        switch (fault) {
            case LEADER -> kill(ensemble.leader(), random);
            case FOLLOWER -> {
                List<EnsembleServer> followers = ensemble.followers();
                kill(followers.get(random.nextInt(followers.size())), random);
            }
            case RESTART -> {
                say("all servers are killed");
                ensemble.killAll();
            }
            case PARTITION -> cut(random);
            default -> throw new IllegalArgumentException(fault + " is no fault of servers");
        }
        ensemble.restartAll();
    }

    private void kill(EnsembleServer server, Random random) throws InterruptedException {
        say("server " + server.connect() + ", a " + server.mode() + ", is killed");
        server.kill();
        TimeUnit.MILLISECONDS.sleep(
                SHORTEST_MILLIS + (long) (random.nextDouble() * (LONGEST_MILLIS - SHORTEST_MILLIS)));
    }

    private void cut(Random random) throws InterruptedException {
        if (network == null) {
            throw new IllegalStateException("there is no network that could be cut");
        }
        Partition partition = Partition.pick(random, SERVERS, ensemble.servers().indexOf(ensemble.leader()), agents);
        say(partition.toString());
        try {
            partition.lost().forEach(way -> network.cut(way.from(), way.to()));
            TimeUnit.MILLISECONDS.sleep(partition.length().toMillis());
        } finally {
            network.heal();
        }
    }

    @Override
    public Map<String, Integer> leftovers() throws InterruptedException {
        return new ZkLeftovers(ensemble.connect()).count();
    }

    @Override
    public void close() {
        ensemble.close();
        if (network != null) {
            network.close();
        }
    }

    private static void say(String what) {
        System.err.println("simulate: " + what);
    }
}
