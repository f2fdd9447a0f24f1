package dev.agentcoord.zk;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import dev.agentcoord.testkit.Requirement;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.zookeeper.client.FourLetterWordMain;
import org.apache.zookeeper.common.X509Exception.SSLContextException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;

/**
 * ZooKeeper servers in containers, which a test can freeze and take off their network. Without a Docker engine the test is skipped. A
 * container is reached through a port of this machine, so one that is off the network is off it for clients too.
 */
final class ContainerEnsemble implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int ANSWER_MILLIS = 1_000;

    private final DockerClient docker;
    private final Network network;
    private final List<ServerContainer> servers;

    private ContainerEnsemble(DockerClient docker, Network network, List<ServerContainer> servers) {
        this.docker = docker;
        this.network = network;
        this.servers = servers;
    }

    /** One server that stands alone, or several that have elected a leader. */
    static ContainerEnsemble start(int count) {
        Requirement.docker();
        // Ports are opened for this machine alone.
        Network network = Network.builder()
                .createNetworkCmdModifier(command ->
                        command.withOptions(Map.of("com.docker.network.bridge.host_binding_ipv4", "127.0.0.1")))
                .build();
        List<ServerContainer> servers = IntStream.rangeClosed(1, count)
                .mapToObj(id -> new ServerContainer(network, id, count))
                .toList();
        ContainerEnsemble ensemble =
                new ContainerEnsemble(DockerClientFactory.instance().client(), network, servers);
        try {
            Startables.deepStart(servers).join();
            await().atMost(PATIENCE)
                    .failFast(ensemble::requireRunning)
                    .until(() ->
                            servers.stream().noneMatch(server -> mode(server).isEmpty()));
            return ensemble;
        } catch (RuntimeException | Error e) {
            ensemble.close();
            throw e;
        }
    }

    /** The connect string of all servers. */
    String connect() {
        return servers.stream().map(ServerContainer::connect).collect(Collectors.joining(","));
    }

    /** Who leads, or stands alone. */
    ServerContainer leader() {
        return servers.stream()
                .filter(server -> List.of("leader", "standalone").contains(mode(server)))
                .findFirst()
                .orElseThrow();
    }

    List<ServerContainer> servers() {
        return servers;
    }

    /** Freezes all of its processes; connections stay open and nothing answers. */
    void pause(ServerContainer server) {
        docker.pauseContainerCmd(server.getContainerId()).exec();
    }

    void unpause(ServerContainer server) {
        docker.unpauseContainerCmd(server.getContainerId()).exec();
    }

    /** Takes its cable out, which leaves it running alone. */
    void disconnect(ServerContainer server) {
        docker.disconnectFromNetworkCmd()
                .withContainerId(server.getContainerId())
                .withNetworkId(network.getId())
                .withForce(true)
                .exec();
    }

    private void requireRunning() {
        servers.stream().filter(server -> !server.isRunning()).forEach(server -> {
            throw new IllegalStateException("a server ended by itself: " + server.getLogs());
        });
    }

    /** {@code leader}, {@code follower}, {@code standalone}, or empty while it does not serve. */
    static String mode(ServerContainer server) {
        try {
            return FourLetterWordMain.send4LetterWord(server.getHost(), server.port(), "srvr", false, ANSWER_MILLIS)
                    .lines()
                    .filter(line -> line.startsWith("Mode: "))
                    .map(line -> line.substring("Mode: ".length()))
                    .findFirst()
                    .orElse("");
        } catch (IOException | SSLContextException e) {
            return "";
        }
    }

    @Override
    public void close() {
        servers.forEach(ServerContainer::stop);
        network.close();
    }
}
