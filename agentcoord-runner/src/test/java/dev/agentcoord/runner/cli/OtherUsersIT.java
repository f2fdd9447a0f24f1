package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.testkit.OsUsers;
import dev.agentcoord.testkit.Requirement;
import dev.agentcoord.testkit.Signals;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What other users of the machine can do to an agent, and an agent to them: attacks that work on a tmux server that is shared. */
final class OtherUsersIT {
    /** An agent that opens its own terminal to everybody, as far as it can without leaving its directory open. */
    private static final String GENEROUS =
            "t=${AGENTCOORD_SOCK%/*}/tmux; chmod 777 \"$t\"; tmux -S \"$t\" server-access -a ";

    private static OsUsers users;

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private Path loot = Path.of("");

    @BeforeAll
    static void makeUsers() throws IOException, InterruptedException {
        Requirement.users();
        Requirement.command("setpriv", "apt-get install util-linux");
        users = new OsUsers();
        users.addOutsider("alice");
        users.addOutsider("bob");
    }

    @AfterAll
    static void removeUsers() throws IOException, InterruptedException {
        if (users != null) {
            users.remove();
        }
    }

    /** The sandbox is alice's, and everybody may enter it and leave traces in one directory. */
    @BeforeEach
    void giveSandboxToAlice() throws IOException, InterruptedException {
        Path home = sandbox.home();
        loot = Files.createDirectory(home.resolve("loot"));
        OsUsers.must("chmod", "-R", "a+rX", home.toString());
        OsUsers.must("chmod", "777", loot.toString());
        OsUsers.must("chown", "-R", users.name("alice"), home.toString());
    }

    @Test
    void nobody_else_reaches_a_terminal_even_if_its_agent_invites_them() throws IOException, InterruptedException {
        Path run = startAgent(GENEROUS + users.name("bob") + " && tmux -S \"$t\" server-access -r " + users.name("bob")
                + "; touch ready; sleep 60");
        String tmux = run.resolve("tmux").toString();

        for (List<String> attack : List.of(
                List.of("attach-session", "-r", "-c", "#(" + trace("a") + ")"),
                List.of("list-clients", "-F", "#(" + trace("b") + ")"),
                List.of("detach-client", "-s", "a", "-E", trace("c")),
                List.of("switch-client", "-c", "/dev/pts/0", "-r"),
                List.of("send-keys", "-t", "a", trace("d"), "Enter"),
                List.of("run-shell", trace("e")),
                List.of("list-sessions"))) {
            List<String> command = new ArrayList<>(List.of("tmux", "-S", tmux));
            command.addAll(attack);
            // The exit code alone says nothing: tmux 3.3a ended with 0 where it refused access.
            assertThat(users.run("bob", command.toArray(String[]::new)).output())
                    .contains("Permission denied");
        }
        assertThat(loot).isEmptyDirectory();
        assertThat(users.run("bob", "ls", run.toString()).status()).isNotZero();

        OsUsers.Result own = users.run("alice", "tmux", "-S", tmux, "run-shell", trace("own"));
        assertThat(own.status()).as(own.output()).isZero();
        assertThat(loot.resolve("own")).exists();
    }

    @Test
    void the_kernel_says_who_asks_a_runner_and_only_its_user_and_root_are_answered()
            throws IOException, InterruptedException {
        Path run = startAgent("touch ready; sleep 60");
        String ask = "printf 'AC1\\0003\\000/\\000\\000ls\\000' | nc -U " + run.resolve("control");

        assertThat(users.run("bob", "sh", "-c", ask).output()).contains("Permission denied");
        OsUsers.must("chmod", "755", run.toString(), sandbox.runtime().toString());
        OsUsers.must("chmod", "777", run.resolve("control").toString());

        assertThat(users.run("bob", "sh", "-c", ask)).isEqualTo(new OsUsers.Result(0, ""));
        assertThat(users.run("alice", "sh", "-c", ask).output())
                .contains("O a  alive")
                .endsWith("X 0\n");
        Process root =
                new ProcessBuilder("sh", "-c", ask).redirectErrorStream(true).start();
        assertThat(Sandbox.finish(root).out()).contains("O a  alive").endsWith("X 0\n");
    }

    @Test
    void nobody_joins_the_terminal_of_another_who_could_run_commands_in_their_name()
            throws IOException, InterruptedException {
        startAgent("t=${AGENTCOORD_SOCK%/*}/tmux; tmux -S \"$t\" set-hook -g client-attached 'detach-client -E \""
                + trace("root") + "\"'; touch ready; sleep 60");

        for (List<String> command : List.of(List.of("attach", "a"), List.of("send", "a", "x"))) {
            Sandbox.Result result = sandbox.run(command.toArray(String[]::new));
            assertThat(result.code()).isOne();
            assertThat(result.err()).contains("agent a belongs to " + users.name("alice"), "Next: sudo -u ");
        }
        assertThat(loot).isEmptyDirectory();
    }

    @Test
    void what_an_agent_started_as_root_keeps_nobody_from_stopping_it() throws IOException, InterruptedException {
        String sudo = sandbox.home().resolve("sudo").toString();
        OsUsers.must("cp", "/usr/bin/setpriv", sudo);
        OsUsers.must("chmod", "4755", sudo);
        startAgent(sudo + " --reuid 0 sleep 61 & touch ready; sleep 60");

        Process stop = asAlice("stop", "--force", "a").start();

        assertThat(stop.waitFor(1, TimeUnit.MINUTES)).isTrue();
        Sandbox.Result stopped = Sandbox.finish(stop);
        assertThat(stopped.err())
                .startsWith(
                        "agentcoord: a has ended, but processes that it started belong to somebody else and go on: ")
                .contains("Next: sudo kill -9 ");
        assertThat(stopped.code()).isOne();
        assertThat(sandbox.run("locks").out()).isEmpty();
    }

    @Test
    void what_a_command_under_a_lock_started_as_root_is_told_of_when_it_outlives_a_terminated_holder()
            throws IOException, InterruptedException {
        String sudo = sandbox.home().resolve("sudo").toString();
        OsUsers.must("cp", "/usr/bin/setpriv", sudo);
        OsUsers.must("chmod", "4755", sudo);
        String command = sudo + " --reuid 0 sleep 61 >/dev/null 2>&1 & echo $! >pid; touch ready; wait";
        Process holder = asAlice("lock", "x", "--", "sh", "-c", command).start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(sandbox.repository().resolve("ready")));

        Signals.send("TERM", holder.pid());

        String pid = sandbox.read("pid").strip();
        assertThat(Sandbox.finish(holder).err())
                .contains("agentcoord: processes of the command belong to somebody else and go on: " + pid
                        + ". Next: sudo kill -9 " + pid + "\n");
    }

    private String trace(String name) {
        return "touch " + loot.resolve(name);
    }

    private ProcessBuilder asAlice(String... words) {
        ProcessBuilder command = sandbox.command(words);
        command.command()
                .addAll(0, List.of("setpriv", "--reuid", users.name("alice"), "--regid", "nogroup", "--init-groups"));
        return command;
    }

    /** Alice's, and where its sockets are. */
    private Path startAgent(String script) throws IOException {
        asAlice("run", "--name", "a", "--", "sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(loot.resolveSibling("out").toFile())
                .start();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(sandbox.repository().resolve("ready")));
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(sandbox.runtime())) {
            Path directory = runs.iterator().next();
            assertThat(Files.getPosixFilePermissions(directory))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            return directory;
        }
    }
}
