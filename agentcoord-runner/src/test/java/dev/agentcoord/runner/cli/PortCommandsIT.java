package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** Ports of agents, as they and others see them. */
@Isolated("looks for free ports")
final class PortCommandsIT {
    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private final int first = firstOfThree();

    @Test
    void an_agent_is_started_with_its_ports_and_holds_them_as_long_as_it_lives()
            throws IOException, InterruptedException {
        sandbox.run(
                "run",
                "--name",
                "a",
                "--port",
                "web=" + range(),
                "--port",
                "web-admin=" + range(),
                "--",
                "sh",
                "-c",
                "env >env; agentcoord port list --mine >list; agentcoord port list --json >json");

        List<String> environment = sandbox.read("env").lines().toList();
        String web = value(environment, "AGENTCOORD_PORT_WEB");
        String admin = value(environment, "AGENTCOORD_PORT_WEB_ADMIN");
        assertThat(value(environment, "PORT")).isEqualTo(web).isNotEqualTo(admin);
        assertThat(sandbox.read("list").lines())
                .hasSize(2)
                .anyMatch(line -> line.startsWith(web + "  web  by a@") && line.endsWith("nobody listens"))
                .anyMatch(line -> line.startsWith(admin + "  web-admin  by a@"));
        assertThat(sandbox.read("json")).contains("\"port\":" + web, "\"standing\":\"idle\"", "\"agent\":\"a\"");
        assertThat(sandbox.run("port", "list").err()).isEqualTo("agentcoord: no port is leased\n");
    }

    @Test
    void a_run_whose_port_cannot_be_had_is_refused_with_who_has_it() throws IOException, InterruptedException {
        try (ServerSocket stranger = new ServerSocket(first)) {
            Sandbox.Result refused = sandbox.run(
                    "run", "--name", "a", "--port", "web=" + stranger.getLocalPort(), "--", "touch", "started");

            assertThat(refused.code()).isEqualTo(ExitCode.CONFLICT);
            assertThat(refused.err().lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("no port is free for web=" + first)
                    .contains("pid " + ProcessHandle.current().pid() + " of ")
                    .endsWith("Next: agentcoord port list");
            assertThat(sandbox.repository().resolve("started")).doesNotExist();
            assertThat(sandbox.run("ls").out()).isEmpty();
        }
    }

    @Test
    void a_port_of_another_session_is_not_inherited_but_one_the_user_set_is() throws IOException, InterruptedException {
        ProcessBuilder set = sandbox.command("run", "--name", "b", "--", "sh", "-c", "env >env");
        set.environment().put("PORT", "99");
        Sandbox.finish(set.start());
        assertThat(sandbox.read("env").lines()).contains("PORT=99");

        ProcessBuilder nested = sandbox.command("run", "--name", "b", "--", "sh", "-c", "env >env");
        nested.environment().put("PORT", "99");
        nested.environment().put("AGENTCOORD_PORT_WEB", "99");
        Sandbox.finish(nested.start());
        assertThat(sandbox.read("env").lines())
                .noneMatch(line -> line.startsWith("PORT=") || line.startsWith("AGENTCOORD_PORT_"));
    }

    @Test
    void inside_a_session_ports_are_leased_listed_and_released() throws IOException, InterruptedException {
        sandbox.runAgent(
                "a",
                "p=$(agentcoord port lease web=" + range() + " --reason shop); echo $p >1; "
                        + "agentcoord port lease web=$p 2>2; echo $? >>2; "
                        + "agentcoord locks --mine >3; "
                        + "agentcoord port release web >4; agentcoord port list --mine >5 2>&1; "
                        + "agentcoord port lease web=" + range() + " >6; agentcoord port release $(cat 6) >>6; "
                        + "agentcoord port release web 2>7; echo $? >>7; "
                        + "agentcoord port lease web -- true 2>8; echo $? >>8");

        String port = sandbox.read("1").strip();
        assertThat(Integer.parseInt(port)).isBetween(first, first + 2);
        assertThat(sandbox.read("2"))
                .contains("port " + port + " is leased by a@")
                .endsWith("\n3\n");
        assertThat(sandbox.read("3")).contains("(web: shop)");
        assertThat(sandbox.read("4")).isEqualTo("released web\n");
        assertThat(sandbox.read("5")).isEqualTo("agentcoord: this session leases no port\n");
        assertThat(sandbox.read("6")).isEqualTo(port + "\nreleased " + port + "\n");
        assertThat(sandbox.read("7")).contains("leases no port 'web'", "Next: ").endsWith("\n1\n");
        assertThat(sandbox.read("8"))
                .contains("PORT=$(agentcoord port lease web")
                .endsWith("\n2\n");
    }

    @Test
    void outside_a_session_a_port_is_leased_while_a_command_runs() throws IOException, InterruptedException {
        Sandbox.Result result = sandbox.run(
                "port", "lease", "web=" + first, "--", "sh", "-c", "echo $PORT $AGENTCOORD_PORT_WEB; exit 7");

        assertThat(result).isEqualTo(new Sandbox.Result(7, first + " " + first + "\n", ""));
        Sandbox.Result alone = sandbox.run("port", "lease", "web");
        assertThat(alone.code()).isEqualTo(ExitCode.USAGE);
        assertThat(alone.err()).contains("Next: agentcoord port lease NAME -- COMMAND");
        assertThat(sandbox.run("port", "release", "web").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void who_listens_on_an_agents_port_without_being_the_agents_is_reported_with_pid_and_owner()
            throws IOException, InterruptedException {
        Process agent = sandbox.startAgent(
                "a",
                "agentcoord port lease web=" + first + " >port; until [ -e bound ]; do sleep 0.05; done; "
                        + "agentcoord status >status; agentcoord port list --json >json; sleep 60");
        await().until(() -> sandbox.read("port").endsWith("\n"));

        try (ServerSocket stranger = new ServerSocket(first)) {
            sandbox.write("bound", "");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> sandbox.read("json").endsWith("\n"));

            String culprit = "pid " + ProcessHandle.current().pid() + " of "
                    + ProcessHandle.current().info().user().orElseThrow();
            assertThat(stranger.isBound()).isTrue();
            assertThat(sandbox.run("port", "list").out()).contains("CLASH: not the holder's, " + culprit);
            assertThat(sandbox.read("status")).contains("CLASH").contains(culprit);
            assertThat(sandbox.read("json"))
                    .contains("\"standing\":\"clash\"")
                    .contains("\"pid\":" + ProcessHandle.current().pid());
        }
        assertThat(agent.isAlive()).isTrue();
    }

    @Test
    void the_port_of_an_agent_whose_runner_was_killed_is_free_at_once() throws IOException, InterruptedException {
        Process runner = sandbox.start(
                "run", "--name", "a", "--port", "web=" + first, "--", "sh", "-c", "touch ready; sleep 60");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(sandbox.repository().resolve("ready")));
        assertThat(sandbox.run("port", "lease", "web=" + first, "--", "true").code())
                .isEqualTo(ExitCode.CONFLICT);

        runner.destroyForcibly().waitFor();

        assertThat(sandbox.run("port", "lease", "web=" + first, "--wait", "30s", "--", "true"))
                .isEqualTo(new Sandbox.Result(0, "", ""));
    }

    @Test
    void a_thousand_bad_words_inside_a_session_are_refused_in_one_line_each_and_change_nothing()
            throws IOException, InterruptedException {
        sandbox.write("words", String.join("\n", BadPorts.of(1_000, 7)) + "\n");

        sandbox.runAgent(
                "a",
                "while IFS= read -r word; do "
                        + "agentcoord port lease \"$word\" 2>err >>out; echo $? $(grep -c . <err) >>codes; cat err >>all; "
                        + "done <words; agentcoord port release nothing 2>>all; "
                        + "agentcoord port list >after; agentcoord locks --mine >locks; agentcoord state ls >state");

        assertThat(sandbox.read("out")).isEmpty();
        assertThat(sandbox.read("codes").lines()).hasSize(1_000).containsOnly("2 1");
        assertThat(sandbox.read("all").lines())
                .allMatch(line -> line.startsWith("agentcoord: "))
                .noneMatch(line -> line.contains("unexpected") || line.contains("\u001b") || line.contains("\u202e"));
        assertThat(sandbox.read("after")).isEmpty();
        assertThat(sandbox.read("locks").lines()).singleElement().asString().contains("name:agent:a");
        assertThat(sandbox.read("state")).isEmpty();
    }

    private String range() {
        return first + "-" + (first + 2);
    }

    private static String value(List<String> environment, String name) {
        return environment.stream()
                .filter(line -> line.startsWith(name + "="))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 1);
    }

    private static int firstOfThree() {
        int start = 20_000 + new Random().nextInt(12_000);
        while (!IntStream.range(start, start + 3).allMatch(PortCommandsIT::isFree)) {
            start++;
        }
        return start;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
