package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands on shared state, from inside a session and outside any. */
final class StateCommandsIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    /** What a script says that runs as an agent. */
    private String inside(String script) throws IOException, InterruptedException {
        sandbox.runAgent("a", "{ " + script + "; } >out 2>&1");
        return sandbox.read("out");
    }

    @Test
    void a_value_goes_from_one_command_to_the_next_inside() throws IOException, InterruptedException {
        String out = inside("agentcoord state put k one >r; agentcoord state cas k 1 two; echo rc=$?;"
                + "agentcoord state cas k $(cat r) two >/dev/null; echo rc=$?; agentcoord state get k; echo;"
                + "agentcoord state ls --json; agentcoord state rm k; agentcoord state get k; echo rc=$?");
        assertThat(out)
                .contains("rc=3", "rc=0", "two", "\"key\":\"k\"", "deleted k")
                .endsWith("rc=1\n");
    }

    @Test
    void a_write_that_needs_a_lock_is_refused_once_that_is_given_up() throws IOException, InterruptedException {
        String out = inside("T=$(agentcoord lock --json f | sed 's/.*\"f\":\"\\([0-9a-f-]*\\)\".*/\\1/');"
                + "agentcoord state put --held $T k one >/dev/null; echo rc=$?; agentcoord unlock f;"
                + "agentcoord state put --held $T k two; echo rc=$?; agentcoord state get k; echo;"
                + "agentcoord state put --held nonsense k two; echo rc=$?");
        assertThat(out).contains("rc=0\n", "rc=3\n", "one\n").endsWith("rc=2\n");
    }

    @Test
    void an_ephemeral_value_ends_with_the_agent() throws IOException, InterruptedException {
        Process agent = sandbox.startAgent("a", "agentcoord state put --ephemeral up/a 1; cat");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                sandbox.run("state", "ls", "up/", "--json").out())
                        .contains("\"session\":"));
        agent.destroy();
        agent.waitFor();

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(sandbox.run("state", "ls", "up/").out()).isEmpty());
        assertThat(sandbox.run("state", "put", "--ephemeral", "up/b", "1").code())
                .isEqualTo(2);
    }

    @Test
    void a_watch_inside_prints_each_change_until_its_client_goes() throws IOException, InterruptedException {
        Process agent = sandbox.startAgent(
                "a",
                "agentcoord state put p/a 1 >/dev/null; agentcoord state watch p/ >seen & W=$!;"
                        + "agentcoord state watch p/ --json >json & J=$!;"
                        + "until grep -q ' p/a' seen && grep -q resync json; do sleep 0.1; done;"
                        + "agentcoord state put p/b 2 >/dev/null; until grep -q '+ .* p/b' seen; do sleep 0.1; done;"
                        + "agentcoord state rm p/a >/dev/null; until grep -q -- '- .* p/a' seen; do sleep 0.1; done;"
                        + "until grep -q deleted json; do sleep 0.1; done; kill $W $J; wait; echo done >end");

        await().atMost(SOON).untilAsserted(() -> assertThat(sandbox.read("end")).isEqualTo("done\n"));

        assertThat(sandbox.read("seen")).matches("= \\d+ p/a\n\\+ \\d+ p/b\n- \\d+ p/a\n");
        assertThat(sandbox.read("json").lines())
                .allMatch(line -> line.startsWith("{\"event\":\"") && line.endsWith("}"))
                .anyMatch(line -> line.contains("\"value\":\"2\""));
        assertThat(agent.waitFor()).isZero();
    }

    @Test
    void a_watch_outside_prints_each_change_until_it_is_ended() throws IOException, InterruptedException {
        Process watch = sandbox.command("state", "watch")
                .redirectOutput(sandbox.repository().resolve("seen").toFile())
                .start();
        await().atMost(SOON).untilAsserted(() -> {
            sandbox.run("state", "put", "k", "v");
            assertThat(sandbox.read("seen")).contains(" k\n");
        });
        watch.destroy();
        assertThat(watch.waitFor()).isNotZero();
    }
}
