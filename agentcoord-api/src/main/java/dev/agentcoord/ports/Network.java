package dev.agentcoord.ports;

import dev.agentcoord.SessionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Names the one set of ports this process can bind: the machine's boot and the network namespace. Host names would not do: containers
 * may share a network under two names, or have networks of their own under one.
 */
final class Network {
    private static final Path NAMESPACE = Path.of("/proc/self/ns/net");
    private static final int BOOT_LETTERS = 8;

    private Network() {}

    /** The same text for two sessions if and only if a port of one is a port of the other; the host's name without {@code /proc}. */
    static String of(SessionInfo session) {
        try {
            String namespace = Files.readSymbolicLink(NAMESPACE).toString().replaceAll("[^0-9]", "");
            if (!session.bootId().isEmpty() && !namespace.isEmpty()) {
                String boot = session.bootId();
                return boot.substring(0, Math.min(BOOT_LETTERS, boot.length())) + "." + namespace;
            }
        } catch (IOException e) {
            // No /proc, hence no namespaces either.
        }
        return session.host();
    }
}
