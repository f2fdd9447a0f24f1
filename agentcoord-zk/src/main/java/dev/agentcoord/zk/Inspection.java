package dev.agentcoord.zk;

import dev.agentcoord.core.TimeSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.data.ACL;

/** Looks at an ensemble as a person would who has to say whether it will do. Stateless. */
final class Inspection {
    private static final int MILLIS = 1_000;
    private static final int DEFAULT_PORT = 2_181;
    private static final int WRITES = ZooDefs.Perms.WRITE | ZooDefs.Perms.CREATE | ZooDefs.Perms.DELETE;

    private Inspection() {}

    static ZkReport of(ZkOptions options) {
        try (ZkBackend backend = ZkBackend.connect(options, TimeSource.system())) {
            return backend.inspect(call -> new ZkReport(
                    backend.sessionTimeout(),
                    servers(options),
                    isOpen(call.await(backend.requests().acl(backend.path()))),
                    isOpen(call.await(backend.requests().acl("/"))),
                    Outage.of(options).state()));
        }
    }

    private static boolean isOpen(List<ACL> rights) {
        return rights.stream()
                .anyMatch(right ->
                        right.getId().equals(ZooDefs.Ids.ANYONE_ID_UNSAFE) && (right.getPerms() & WRITES) != 0);
    }

    private static List<String> servers(ZkOptions options) {
        List<String> lines = new ArrayList<>();
        for (String server : ConnectString.hosts(options.connect()).split(",", -1)) {
            lines.add(server + ": " + describe(server));
        }
        return lines;
    }

    /** Version, role and connections, which a server tells everybody unless that is switched off. */
    private static String describe(String server) {
        int colon = server.lastIndexOf(':');
        boolean hasPort = colon > server.lastIndexOf(']');
        String host = hasPort ? server.substring(0, colon) : server;
        int port = hasPort ? Integer.parseInt(server.substring(colon + 1)) : DEFAULT_PORT;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host.replaceAll("[\\[\\]]", ""), port), MILLIS);
            socket.setSoTimeout(MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            String said = new String(socket.getInputStream().readNBytes(4_096), StandardCharsets.US_ASCII);
            String told = said.lines()
                    .filter(line -> line.startsWith("Zookeeper version:")
                            || line.startsWith("Mode:")
                            || line.startsWith("Connections:"))
                    .map(line -> line.replaceAll("[^ -~]", "?").replaceAll("-[0-9a-f]{40}.*", ""))
                    .collect(Collectors.joining(", "));
            return told.isEmpty() ? "answers, but says nothing of itself" : told;
        } catch (IOException e) {
            return "does not answer";
        }
    }
}
