package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.testkit.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is listed of locks and thefts, by which conditions, and what a ticket waits for. */
final class ListingsIT {
    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void locks_are_listed_by_path_agent_session_and_state() throws IOException, InterruptedException {
        start("bob", "agentcoord lock -q src/; agentcoord lock -q pool:build/2");
        sandbox.runAgent(
                "a",
                "{ agentcoord lock -q mine; agentcoord lock --wait 1m src/A.java 2>/dev/null & "
                        + "until agentcoord locks --waiting 2>/dev/null | grep -q A.java; do sleep 0.1; done;"
                        + list("src/B.java")
                        + list("other pool:build/2")
                        + list("src/A.java --agent a")
                        + list("--mine --held")
                        + list("--waiting")
                        + list("--held --agent bob")
                        + list("nowhere")
                        + " } >out 2>&1");

        assertThat(sandbox.read("out").replaceAll("(?m)^#\\d+ (\\S+ \\S+) .*", "$1"))
                .isEqualTo("""
                        held src/
                        --
                        held pool:build/2
                        --
                        waiting src/A.java
                        --
                        held name:agent:a
                        held mine
                        --
                        waiting src/A.java
                        --
                        held name:agent:bob
                        held src/
                        held pool:build/2
                        --
                        agentcoord: no lock is like that; 'agentcoord locks' lists all
                        --
                        """);
    }

    @Test
    void a_lock_is_listed_with_those_who_wait_for_it() throws IOException, InterruptedException {
        start("bob", "agentcoord lock -q x");
        sandbox.startAgent("a", "agentcoord lock --wait 1m x");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sandbox.run("locks", "x").out())
                        .matches("(?s)#\\d+ held x  by bob@.* awaited by (#\\d+)\n\\1 waiting x .*"));
        assertThat(sandbox.run("locks", "x", "--held", "--json").out())
                .containsPattern("\"task\":\"\",\"agent\":\"bob\"")
                .containsPattern("\"blockers\":\\[\\],\"waiters\":\\[\\d+\\]");
    }

    @Test
    void held_and_waiting_together_are_no_condition() throws IOException, InterruptedException {
        Sandbox.Result result = sandbox.run("locks", "--held", "--waiting");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).startsWith("agentcoord: locks: ").contains("--held", "--waiting");
    }

    @Test
    void a_theft_is_listed_the_last_first_with_who_whom_and_why() throws IOException, InterruptedException {
        start("bob", "agentcoord lock -q x; agentcoord lock -q y");
        steal("x", "bob is stuck");
        steal("y", "bob is still stuck");

        String by = "  of bob  taken by shell-\\d+ of user \\S+: ";
        assertThat(sandbox.run("thefts").out().lines())
                .satisfiesExactly(
                        last -> assertThat(last).matches("#\\d+ .*y.*" + by + "bob is still stuck  \\S+ ago"),
                        first -> assertThat(first).matches("#\\d+ .*x.*" + by + "bob is stuck  \\S+ ago"));
        assertThat(sandbox.run("thefts", "--limit", "1", "--json").out())
                .matches(
                        "\\[\\{\"ticket\":\\d+,\"what\":\".*y.*\",\"holder\":\"bob\",\"agent\":\"shell-\\d+\",\"session\":\"\\w+\","
                                + "\"developer\":\"\\S+\",\"reason\":\"bob is still stuck\",\"at\":\"\\S+\"\\}\\]\n");
    }

    @Test
    void a_ticket_is_explained_whether_it_waits_or_is_held() throws IOException, InterruptedException {
        start("bob", "agentcoord lock -q x");
        sandbox.startAgent("a", "agentcoord lock --wait 1m x");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(sandbox.run("locks", "--waiting").out()).contains("waiting x"));
        String held = ticket("--held x");
        String waiting = ticket("--waiting");

        for (String asked : List.of(waiting, waiting.substring(1))) {
            Sandbox.Result why = sandbox.run("why", asked);
            assertThat(why.out()).startsWith(held + " held x  by bob@").endsWith(" awaited by " + waiting + "\n");
            assertThat(why.code()).isEqualTo(3);
        }
        assertThat(sandbox.run("why", held)).satisfies(why -> {
            assertThat(why.out()).isEqualTo("nothing is in the way of " + held + ", it is held\n");
            assertThat(why.code()).isZero();
        });
        assertThat(sandbox.run("why", "--json", held).out()).isEqualTo("[]\n");
        assertThat(sandbox.run("why", "999999999")).satisfies(why -> {
            assertThat(why.err()).startsWith("agentcoord: there is no ticket #999999999; ");
            assertThat(why.code()).isOne();
        });
        assertThat(sandbox.run("why", "./7").out()).isEqualTo("free: 7\n");
    }

    @Test
    void a_holder_that_is_stopped_is_called_suspect_wherever_it_is_in_the_way()
            throws IOException, InterruptedException {
        Process holder = sandbox.start("lock", "x", "--", "sh", "-c", "touch held; sleep 60");
        awaitHeld();
        assertThat(sandbox.run("locks", "--json").out()).contains("\"liveness\":\"alive\"");

        Signals.send("STOP", holder.pid());

        String held = "held x  by lock-\\d+@\\S+, suspect  .*";
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sandbox.run("locks", "x").out()).containsPattern(held));
        assertThat(sandbox.run("why", "x").out()).containsPattern(held);
        assertThat(sandbox.run("lock", "x", "--", "true").err()).containsPattern("in the way: #\\d+ " + held);
        assertThat(sandbox.run("lock", "--json", "x", "--", "true").err())
                .startsWith("{\"error\":{\"type\":\"conflict\"")
                .containsPattern("\"locks\":\\[\\{\"id\":\\d+,\"state\":\"held\".*\"liveness\":\"suspect\"");
    }

    @Test
    void what_one_holds_oneself_is_not_called_free() throws IOException, InterruptedException {
        sandbox.runAgent("a", "agentcoord lock -q x; { agentcoord why x; agentcoord why y; } >out 2>&1");

        assertThat(sandbox.read("out")).isEqualTo("held by this session: x\nfree: y\n");
    }

    private void steal(String path, String reason) throws IOException, InterruptedException {
        assertThat(sandbox.run("steal", ticket(path), "--reason", reason).code())
                .isZero();
    }

    /** Of the first lock that is listed so. */
    private String ticket(String conditions) throws IOException, InterruptedException {
        String list = sandbox.run(("locks " + conditions).split(" ")).out();
        return list.substring(0, list.indexOf(' '));
    }

    private void start(String name, String script) throws IOException, InterruptedException {
        assertThat(sandbox.run("run", "--name", name, "--detach", "--", "sh", "-c", script + "; touch held; sleep 60")
                        .code())
                .isZero();
        awaitHeld();
    }

    private void awaitHeld() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(sandbox.repository().resolve("held")));
    }

    private static String list(String conditions) {
        return " agentcoord locks " + conditions + "; echo --;";
    }
}
