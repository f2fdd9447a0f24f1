package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.ensemble.Ensemble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
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
    void agents_and_shells_share_state_through_zookeeper_with_no_other_change() throws Exception {
        assertThat(run("init", "--store", store()).code()).isZero();

        Sandbox.Result agent = run(
                "run",
                "--name",
                "alice",
                "--",
                "sh",
                "-c",
                "{ agentcoord state watch p/ >seen 2>/dev/null & W=$!; until [ -e seen ]; do sleep 0.1; done;"
                        + "R=$(agentcoord state put p/k one); agentcoord state cas p/k $((R + 1)) no; echo rc=$?;"
                        + "agentcoord state cas p/k $R two >/dev/null; echo rc=$?; agentcoord state get p/k; echo;"
                        + "T=$(agentcoord lock --json f | sed 's/.*\"f\":\"\\([0-9a-f-]*\\)\".*/\\1/');"
                        + "agentcoord state put --held $T p/held yes >/dev/null; echo rc=$?; agentcoord unlock f;"
                        + "agentcoord state put --held $T p/held no; echo rc=$?;"
                        + "agentcoord state put --ephemeral p/up 1 >/dev/null; agentcoord state ls p/ --json;"
                        + "agentcoord port lease web >/dev/null; echo rc=$?;"
                        + "until grep -q p/up seen; do sleep 0.1; done; kill $W; } >out 2>&1");

        assertThat(agent.code()).as(agent.out() + agent.err()).isZero();
        assertThat(sandbox.read("out"))
                .contains("rc=3", "two\n", "\"session\":", "p/held")
                .endsWith("rc=0\n");
        assertThat(run("state", "get", "p/k").out()).isEqualTo("two");
        assertThat(run("state", "get", "p/held").out()).isEqualTo("yes");
        assertThat(run("state", "ls", "p/").out()).doesNotContain("p/up").hasLineCount(2);
        assertThat(run("state", "put", "p/k", "three").code()).isZero();
        assertThat(run("state", "rm", "p/k").code()).isZero();
        assertThat(run("state", "get", "p/k").code()).isEqualTo(1);
    }

    @Test
    void agents_hand_tasks_and_their_locks_on_through_zookeeper_with_no_other_change() throws Exception {
        assertThat(run("init", "--store", store()).code()).isZero();
        assertThat(run("task", "add", "--id", "t1", "--order", "k", "do it").code())
                .isZero();
        assertThat(run("task", "add", "--id", "t2", "--order", "k", "do that").code())
                .isZero();

        Sandbox.Result alice = run(
                "run",
                "--name",
                "alice",
                "--",
                "sh",
                "-c",
                "{ agentcoord task claim; agentcoord lock --task t1 a; agentcoord lock b;"
                        + " agentcoord task handoff --with-locks --note 'b is next'; echo rc=$?; } >out 2>&1");
        assertThat(alice.code()).as(alice.out() + alice.err()).isZero();
        assertThat(sandbox.read("out"))
                .containsSubsequence("t1\ndo it\n", "locked a\n", "locked b\n", "handed off t1\n", "rc=0");
        assertThat(run("locks").out())
                .containsPattern("held a  of task default/t1, which nobody claims")
                .containsPattern("held b  of task default/t1, which nobody claims");
        assertThat(run("task", "list").out()).contains("t1", "t2");

        Sandbox.Result bob = run(
                "run",
                "--name",
                "bob",
                "--",
                "sh",
                "-c",
                "{ agentcoord task claim; agentcoord task done --result ok; agentcoord task claim;"
                        + " agentcoord task fail --never --reason cannot; agentcoord task claim; echo rc=$?; } >out 2>&1");
        assertThat(bob.code()).as(bob.out() + bob.err()).isZero();
        assertThat(sandbox.read("out"))
                .containsSubsequence(
                        "t1\ndo it\n",
                        "came with the task: a",
                        "came with the task: b",
                        "done t1\n",
                        "t2\ndo that\n",
                        "no task is ready",
                        "rc=75");
        assertThat(run("locks").out()).doesNotContain("held");
        assertThat(run("task", "redrive", "t2").code()).isZero();
        assertThat(run("task", "cancel", "t2", "--reason", "not needed").code()).isZero();
        assertThat(run("task", "show", "t2").out()).contains("cancelled", "not needed");
    }

    @Test
    void what_the_store_cannot_do_is_refused_in_one_line() throws Exception {
        Sandbox.Result refused = run("locks", "--store", store() + "/typo");

        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).contains("/typo", "create").hasLineCount(1);
    }

    @Test
    void the_doctor_says_that_anybody_may_change_an_open_space_and_is_content_with_a_closed_one() throws Exception {
        Sandbox.Result open = run("doctor", "--project", "open");
        assertThat(open.code()).isEqualTo(1);
        assertThat(open.out()).contains("BAD  ensemble", "anybody", "AGENTCOORD_ZK_DIGEST_FILE", "standalone", "3.9");

        Path digest = Files.writeString(sandbox.home().resolve("digest"), "alice:secret\n");
        Files.setPosixFilePermissions(digest, PosixFilePermissions.fromString("rw-------"));
        Sandbox.Result closed =
                run(Map.of("AGENTCOORD_ZK_DIGEST_FILE", digest.toString()), "doctor", "--project", "closed");
        assertThat(closed.out()).contains("ok   ensemble");
        assertThat(closed.out() + closed.err()).doesNotContain("secret");
        assertThat(run("locks", "--project", "closed").err()).contains("credentials");

        Files.setPosixFilePermissions(digest, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(run(Map.of("AGENTCOORD_ZK_DIGEST_FILE", digest.toString()), "locks", "--project", "closed")
                        .err())
                .contains("chmod 600");
    }

    private static String store() {
        return "zk:" + ensemble.connect();
    }

    private Sandbox.Result run(String... words) throws IOException, InterruptedException {
        return run(Map.of(), words);
    }

    private Sandbox.Result run(Map<String, String> more, String... words) throws IOException, InterruptedException {
        ProcessBuilder command = sandbox.command(words);
        command.environment().put("AGENTCOORD_ZK_TTL", "8s");
        command.environment().put("AGENTCOORD_STORE", store());
        command.environment().putAll(more);
        return Sandbox.finish(command.start());
    }
}
