package dev.agentcoord.zk;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.images.builder.Transferable;

/**
 * One ZooKeeper server in a container: of the official image, or of the one that {@code AGENTCOORD_ZK_IMAGE} names, which is then never
 * pulled. Both read {@code /conf/zoo.cfg} and keep their data in {@code /data}.
 */
final class ServerContainer extends GenericContainer<ServerContainer> {
    private static final String OFFICIAL = "zookeeper:3.9";
    private static final int CLIENTS = 2181;

    ServerContainer(Network network, int id, int count) {
        super(System.getenv().getOrDefault("AGENTCOORD_ZK_IMAGE", OFFICIAL));
        if (System.getenv("AGENTCOORD_ZK_IMAGE") != null) {
            withImagePullPolicy(image -> false);
        }
        withNetwork(network);
        withNetworkAliases(name(id));
        withExposedPorts(CLIENTS);
        withCopyToContainer(Transferable.of(configuration(count)), "/conf/zoo.cfg");
        withCopyToContainer(Transferable.of(String.valueOf(id)), "/data/myid");
        // Only all together can serve; whoever starts them waits for that.
        waitingFor(new AbstractWaitStrategy() {
            @Override
            protected void waitUntilReady() {}
        });
    }

    int port() {
        return getMappedPort(CLIENTS);
    }

    /** The connect string of this server alone. */
    String connect() {
        return getHost() + ":" + port();
    }

    private static String configuration(int count) {
        Stream<String> common = Stream.of(
                "dataDir=/data",
                "clientPort=" + CLIENTS,
                "tickTime=500",
                "initLimit=20",
                "syncLimit=4",
                "admin.enableServer=false",
                "4lw.commands.whitelist=srvr");
        List<String> members = count == 1
                ? List.of()
                : IntStream.rangeClosed(1, count)
                        .mapToObj(id -> "server." + id + "=" + name(id) + ":2888:3888")
                        .toList();
        return Stream.concat(common, members.stream()).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String name(int id) {
        return "zookeeper-" + id;
    }
}
