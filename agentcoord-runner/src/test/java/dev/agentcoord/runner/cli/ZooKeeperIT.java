package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.ensemble.Ensemble;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ZooKeeperIT {
    private static Ensemble ensemble;

    @RegisterExtension
    private final Sandbox sandbox = new Sandbox();

    @BeforeAll
    static void startServer() {
        ensemble = Ensemble.start(1);
    }

    @AfterAll
    static void stopServer() {
        ensemble.close();
    }

    @Test
    void an_agent_and_a_shell_coordinate_through_zookeeper_with_no_other_change() throws Exception {
        assertThat(run("init", "--store", store()).code()).isZero();

        Sandbox.Result agent = run(
                "run",
                "--name",
                "alice",
                "--",
                "sh",
                "-c",
                "agentcoord lock src/A.java && agentcoord locks > held && agentcoord unlock --all && agentcoord locks > left");

        assertThat(agent.code()).as(agent.out() + agent.err()).isZero();
        assertThat(sandbox.read("held")).contains("alice", "src/A.java");
        assertThat(sandbox.read("left")).doesNotContain("src/A.java");
        Sandbox.Result shell = run("lock", "src/A.java", "--", "echo", "held");
        assertThat(shell.out()).isEqualTo("held\n");
        assertThat(shell.err()).as("nothing but answers").isEmpty();
        assertThat(run("locks").out()).doesNotContain("src/A.java");
    }

    @Test
    void what_the_store_cannot_do_is_refused_in_one_line() throws Exception {
        Sandbox.Result refused = run("locks", "--store", store() + "/typo");

        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).contains("/typo", "create").hasLineCount(1);
    }

    private static String store() {
        return "zk:" + ensemble.connect();
    }

    private Sandbox.Result run(String... words) throws IOException, InterruptedException {
        ProcessBuilder command = sandbox.command(words);
        command.environment().put("AGENTCOORD_ZK_TTL", "8s");
        command.environment().put("AGENTCOORD_STORE", store());
        return Sandbox.finish(command.start());
    }
}
