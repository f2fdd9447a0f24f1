package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.zk.ZkCoordinator;
import dev.agentcoord.zk.ZkOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The store of agents on ZooKeeper: a directory with a file that names it, {@code zk:HOST:PORT,…}. Stateless. */
final class ZkStore {
    /** The backend's name. */
    static final String BACKEND = "zk";

    /** Longer than most changes of leader, shorter than the longest partition. */
    static final Duration TTL = Duration.ofSeconds(8);

    private static final String FILE = "store";
    private static final String SCHEME = "zk:";

    private ZkStore() {}

    /** Makes the directory name the servers of a connect string. */
    static void name(Path directory, String connect) throws IOException {
        Files.writeString(directory.resolve(FILE), SCHEME + connect);
    }

    /** Whether a backend is that one, or a class of somebody's own on such servers: {@code zk:CLASS}. */
    static boolean isBelow(String backend) {
        return backend.equals(BACKEND) || backend.startsWith(SCHEME);
    }

    /** The class of such a backend. */
    static String classOf(String backend) {
        return backend.startsWith(SCHEME) ? backend.substring(SCHEME.length()) : backend;
    }

    static Coordinator open(Path directory) {
        return ZkCoordinator.connect(
                ZkOptions.of(connect(directory), BackendOpener.SPACE).withTtl(TTL));
    }

    /** The connect string of the servers that a directory names. */
    static String connect(Path directory) {
        try {
            return Files.readString(directory.resolve(FILE)).substring(SCHEME.length());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
