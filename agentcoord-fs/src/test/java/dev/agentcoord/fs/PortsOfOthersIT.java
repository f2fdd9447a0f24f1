package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.ports.PortRequest;
import dev.agentcoord.testkit.OsUsers;
import dev.agentcoord.testkit.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What an agent is told of a stranger who is another user. */
@Isolated("whoever is started by another test has the sockets of this process until it has closed them")
final class PortsOfOthersIT {
    private static OsUsers users;
    private static Path shared;

    @BeforeAll
    static void makeUsers() throws IOException, InterruptedException {
        Requirement.users();
        Requirement.command("setpriv", "apt-get install util-linux");
        users = new OsUsers();
        users.addOutsider("alice");
        users.addOutsider("bob");
        shared = Files.createTempDirectory(Path.of("/tmp"), "agentcoord-ports-");
        Disk.chmod(shared, 0755);
    }

    @AfterAll
    static void removeUsers() throws IOException, InterruptedException {
        if (users != null) {
            users.remove();
            Disk.deleteTree(shared.toFile());
        }
    }

    private final int first = Stranger.firstOfFree(2);
    private Path store;

    @BeforeEach
    void makeStore() throws IOException {
        store = Files.createTempDirectory(shared, "store-");
    }

    @Test
    void who_may_look_into_it_is_told_process_command_and_owner() throws IOException, InterruptedException {
        int port = Integer.parseInt(lease(List.of()).replace(" []", ""));
        long pid = Stranger.startUnrelated(users.as("bob"), Stranger.Where.V4_ANY, port);
        try {
            assertThat(lease(List.of()))
                    .startsWith(other(port) + " [pid " + pid + " of " + users.name("bob") + " (")
                    .endsWith(" on 0.0.0.0]");
        } finally {
            end(pid);
        }
    }

    @Test
    void who_may_not_is_told_the_owner_alone() throws IOException, InterruptedException {
        OsUsers.must("chown", users.name("alice"), store.toString());
        int port = Integer.parseInt(lease(users.as("alice")).replace(" []", ""));
        long pid = Stranger.startUnrelated(users.as("bob"), Stranger.Where.V6_LOOPBACK, port);
        try {
            assertThat(lease(users.as("alice")))
                    .isEqualTo(other(port) + " [a process of " + users.name("bob") + " on ::1]");
        } finally {
            end(pid);
        }
    }

    private int other(int port) {
        return port == first ? first + 1 : first;
    }

    private String lease(List<String> as) throws IOException, InterruptedException {
        Process leaser =
                PortsIT.leaser(as, store, "agent", PortRequest.named("web").range(first, first + 1));
        try {
            return leaser.inputReader().readLine();
        } finally {
            leaser.destroyForcibly().waitFor();
        }
    }

    private static void end(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }
}
