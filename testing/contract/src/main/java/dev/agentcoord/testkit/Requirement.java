package dev.agentcoord.testkit;

import com.sun.security.auth.module.UnixSystem;
import java.io.File;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine beyond a JDK. Where it is missing the test is skipped with the command that
 * enables it, or fails if {@code AGENTCOORD_TEST_REQUIRE=all}. Stateless; safe for use by many threads.
 */
public final class Requirement {

    static final String REQUIRE = "AGENTCOORD_TEST_REQUIRE";
    static final String USERS = "AGENTCOORD_TEST_USERS";

    private static final String RUN = "./agentcoord test";
    private static final String UNIX = "unix://";

    private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

    private Requirement() {}

    /** Lets the test go on only if this JVM runs as root; otherwise skips it, or fails it where skips are refused. */
    public static void root() {
        demand(isRoot(), "root", "sudo " + RUN);
    }

    /**
     * Lets the test go on only if it may create operating-system users: as root and with
     * {@code AGENTCOORD_TEST_USERS=1}, because they stay behind if the machine fails in the middle.
     */
    public static void users() {
        demand(
                mayCreateUsers(isRoot(), System.getenv()),
                "root and the permission to create OS users",
                "sudo " + USERS + "=1 " + RUN);
    }

    /** Lets the test go on only if a Docker daemon answers on the socket that {@code DOCKER_HOST} names, or the usual. */
    public static void docker() {
        demand(
                answers(dockerSocket(System.getenv("DOCKER_HOST"))),
                "a Docker daemon this user may talk to",
                "sudo .ci/docker-engine " + RUN);
    }

    /**
     * Lets the test go on only if {@code name} is an executable on the PATH.
     *
     * @param name the command without a directory, as {@code redis-server}
     * @param install the exact command that installs it, shown in the reason for skipping
     */
    public static void command(String name, String install) {
        demand(isOnPath(name, System.getenv("PATH")), "the command " + name, install);
    }

    /** Lets the test go on only if a condition of its own is met; says what is needed, and what enables it, as the others do. */
    public static void met(boolean met, String what, String remedy) {
        demand(met, what, remedy);
    }

    /** Says once on standard error what is missing, since a count of skipped tests is easily overlooked. */
    private static void demand(boolean met, String what, String remedy) {
        if (!met && TOLD.add(what)) {
            System.err.println("Tests that need " + what + " cannot run here; to run them: " + remedy);
        }
        require(met, what, remedy, System.getenv());
    }

    static void require(boolean met, String what, String remedy, Map<String, String> environment) {
        if (met) {
            return;
        }
        String message = "needs " + what + "; to run it: " + remedy;
        if ("all".equals(environment.get(REQUIRE))) {
            throw new AssertionError(message + " (a skip is a failure because " + REQUIRE + "=all)");
        }
        Assumptions.abort(message);
    }

    static boolean mayCreateUsers(boolean root, Map<String, String> environment) {
        return root && "1".equals(environment.get(USERS));
    }

    static boolean isOnPath(String name, @Nullable String path) {
        return path != null
                && Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                        .splitAsStream(path)
                        .map(directory -> Path.of(directory, name))
                        .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
    }

    static Path dockerSocket(@Nullable String dockerHost) {
        if (dockerHost != null && dockerHost.startsWith(UNIX)) {
            return Path.of(dockerHost.substring(UNIX.length()));
        }
        return Path.of("/var/run/docker.sock");
    }

    static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isRoot() {
        return new UnixSystem().getUid() == 0;
    }
}
