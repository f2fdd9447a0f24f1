package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Polite questions for a release. */
final class AskIT {
    private static final String UNTIL_ASKED =
            "touch held; until agentcoord status 2>>err | grep 'asked to' >status; do sleep 0.1; done;";

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void a_holder_is_told_once_who_asks_and_sees_it_in_its_status_until_it_gives_up()
            throws IOException, InterruptedException {
        Process agent = sandbox.startAgent(
                "a",
                "agentcoord lock -q src/ 'my file'; agentcoord lock -q src/A.java; " + UNTIL_ASKED
                        + "agentcoord locks 2>>err; agentcoord locks 2>>err; agentcoord status --json >json 2>>err;"
                        + "agentcoord unlock 'my file' src/ src/A.java 2>>err; agentcoord status >after 2>>err");
        awaitHeld();
        String ticket = ticket("src/");

        assertThat(sandbox.run("ask", ticket, "--reason", "a hot fix").out()).isEqualTo("asked for " + ticket + "\n");

        assertThat(agent.waitFor(1, TimeUnit.MINUTES)).isTrue();
        String line = "asked to release (.*) \\(" + ticket + " by shell-\\d+ of user \\S+: a hot fix\\)\\."
                + " Next: agentcoord unlock 'my file' src/ src/A\\.java\n";
        assertThat(sandbox.read("err")).matches("agentcoord: " + line);
        assertThat(sandbox.read("status")).matches(line);
        assertThat(sandbox.read("json")).containsPattern("\"asked\":\\[\\{\"ticket\":\\d+,.*\"reason\":\"a hot fix\"");
        assertThat(sandbox.read("after")).contains("agent a").doesNotContain("asked", "holds");
    }

    @Test
    void a_question_for_what_no_unlock_gives_up_says_where_to_look() throws IOException, InterruptedException {
        Process agent = sandbox.startAgent("a", UNTIL_ASKED);
        awaitHeld();

        sandbox.run("ask", ticket("name:agent:a"), "--reason", "you run twice");

        assertThat(agent.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(sandbox.read("status")).contains("you run twice").endsWith("Next: agentcoord locks --mine\n");
    }

    @Test
    void who_holds_a_lock_only_while_a_command_runs_is_told_at_once() throws IOException, InterruptedException {
        Process holder =
                sandbox.start("lock", "x", "--", "sh", "-c", "touch held; until [ -e stop ]; do sleep 0.1; done");
        awaitHeld();

        sandbox.run("ask", ticket("x"), "--reason", "a hot fix");

        assertThat(holder.errorReader().readLine())
                .matches(
                        "agentcoord: asked to release x \\(by shell-\\d+ of user \\S+: a hot fix\\) while the command runs\\. Next: .*");
        sandbox.write("stop", "");
        assertThat(holder.waitFor()).isZero();
    }

    @Test
    void a_question_needs_a_ticket_and_a_reason() throws IOException, InterruptedException {
        assertMistake(2, "Missing required option: '--reason", "ask", "7");
        assertMistake(2, "not a ticket: 'src/'; 'agentcoord locks' lists them", "ask", "src/", "--reason", "x");
        assertMistake(2, "needs a reason", "ask", "7", "--reason", "");
        assertMistake(1, "there is no ticket #7 to ask for", "ask", "7", "--reason", "x");
    }

    private void assertMistake(int code, String reason, String... words) throws IOException, InterruptedException {
        Sandbox.Result result = sandbox.run(words);
        assertThat(result.err()).startsWith("agentcoord: ").contains(reason);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.code()).isEqualTo(code);
    }

    private String ticket(String path) throws IOException, InterruptedException {
        String list = sandbox.run("locks", path).out();
        return list.substring(0, list.indexOf(' '));
    }

    private void awaitHeld() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(sandbox.repository().resolve("held")));
    }
}
