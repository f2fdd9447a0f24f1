package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.runner.text.ShellQuote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commands from inside a session and outside any, and what they say when they cannot be done. */
final class CommandsIT {
    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void locks_are_taken_and_given_up_from_inside() throws IOException, InterruptedException {
        assertThat(inside("agentcoord lock a b/ name:x; agentcoord lock --shared c; agentcoord locks --mine;"
                        + "agentcoord unlock c; agentcoord unlock a b/ name:x; agentcoord unlock a; echo $?"))
                .containsSubsequence(
                        "locked a b/ name:x\n",
                        "locked c (shared)\n",
                        "held a b/ name:x  by a@",
                        "held c (shared)  by a@",
                        "unlocked c\n",
                        "unlocked a b/ name:x\n",
                        "agentcoord: this session does not hold a, nothing was released",
                        "1\n");
    }

    @Test
    void part_of_what_was_locked_together_is_not_given_up() throws IOException, InterruptedException {
        assertThat(inside("agentcoord lock -q a b; agentcoord unlock a; echo $?; agentcoord unlock --all"))
                .startsWith("agentcoord: that is held together with b, nothing was released;")
                .endsWith(" agentcoord unlock a b\n1\nunlocked all\n");
    }

    @Test
    void giving_up_everything_where_nothing_is_held_is_no_success() throws IOException, InterruptedException {
        assertThat(inside("agentcoord unlock --all; echo $?"))
                .isEqualTo("agentcoord: this session holds no lock, so nothing was released."
                        + " Next: agentcoord locks --mine\n1\n");
    }

    @Test
    void a_conflict_names_holder_reason_and_the_next_command() throws IOException, InterruptedException {
        holdByBob("agentcoord lock --reason 'rename field' src/");

        assertThat(inside("agentcoord lock src/A.java; echo $?"))
                .matches(
                        "agentcoord: not locked, in the way: #\\d+ held src/  by bob@\\S+  \\(rename field\\)  \\d+s ago\\."
                                + " Next: agentcoord lock --wait 5m src/A.java\n3\n");
        assertThat(inside(main() + " lock src/A.java -- true; echo $?"))
                .endsWith(" Next: agentcoord lock --wait 5m src/A.java -- COMMAND\n3\n");
        assertThat(inside("agentcoord why src/A.java; echo $?"))
                .contains("by bob@")
                .endsWith("\n3\n");
        assertThat(inside("agentcoord why other; echo $?")).isEqualTo("free: other\n0\n");
    }

    @Test
    void a_wait_ends_with_75_when_its_time_is_over() throws IOException, InterruptedException {
        holdByBob("agentcoord lock x");

        assertThat(inside("agentcoord lock --wait 300ms x; echo $?"))
                .contains("waiting for ", "by bob@")
                .endsWith("\n75\n");
        assertThat(inside("agentcoord lock -q --wait 300ms x; echo $?"))
                .doesNotContain("waiting for ")
                .endsWith("\n75\n");
    }

    @Test
    void a_client_that_is_killed_leaves_no_ticket() throws IOException, InterruptedException {
        holdByBob("agentcoord lock x");
        Process agent = sandbox.startAgent("a", "agentcoord lock --wait 1m x & echo $! >waiter; sleep 60");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(sandbox.run("locks").out()).contains("waiting x"));

        ProcessHandle.of(Long.parseLong(sandbox.read("waiter").strip())).ifPresent(ProcessHandle::destroyForcibly);

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(sandbox.run("locks").out())
                        .doesNotContain("waiting")
                        .contains("held x"));
        assertThat(agent.isAlive()).isTrue();
    }

    @Test
    void a_task_goes_from_one_command_to_the_next() throws IOException, InterruptedException {
        assertThat(inside(
                        "agentcoord task add --id t1 'do it'; agentcoord task claim; agentcoord task done --result ok;"
                                + " agentcoord task ls; agentcoord task claim; echo $?"))
                .contains("t1\nt1\ndo it\ndone t1\nt1  done  attempt 1/5  do it  -> ok\n", "no task is ready")
                .endsWith("\n75\n");
    }

    @Test
    void a_task_is_shown_with_whom_it_is_for() throws IOException, InterruptedException {
        sandbox.run("task", "add", "--id", "t1", "--for", "bob", "--needs", "gpu", "do it");

        assertThat(sandbox.run("task", "ls").out()).contains("attempt 0/5  for bob  needs gpu  do it");
        assertThat(sandbox.run("task", "show", "t1").out()).contains("  for bob  needs gpu  ");
        assertThat(sandbox.run("task", "ls", "--json").out()).contains("\"for\":\"bob\"", "\"needs\":[\"gpu\"]");
    }

    @Test
    void a_task_is_handed_off_with_its_locks_and_those_of_its_session() throws IOException, InterruptedException {
        sandbox.run("task", "add", "--id", "t1", "do it");
        assertThat(inside("agentcoord task claim; agentcoord lock --task t1 a; agentcoord lock b;"
                        + " agentcoord task handoff --with-locks --note 'b is next'; agentcoord status; echo $?"))
                .containsSubsequence("t1\ndo it\n", "locked a\n", "locked b\n", "handed off t1\n")
                .doesNotContain("lost")
                .endsWith("\n0\n");
        assertThat(sandbox.run("locks").out())
                .containsPattern("held a  of task default/t1, which nobody claims")
                .containsPattern("held b  of task default/t1, which nobody claims");
        assertThat(inside("agentcoord lock b; echo $?; agentcoord task claim; agentcoord unlock b;"
                        + " agentcoord task done; agentcoord locks"))
                .containsSubsequence(
                        "not locked, in the way: ",
                        "3\n",
                        "came with the task: a",
                        "came with the task: b",
                        "unlocked b\n",
                        "done t1\n")
                .doesNotContain("held a ", "lost");
    }

    @Test
    void a_stolen_lock_is_told_by_the_next_command_and_the_rest_is_given_up() throws IOException, InterruptedException {
        String output = inside(
                "agentcoord lock x; agentcoord lock y; " + steal("x")
                        + "agentcoord status; agentcoord lock z; echo rc=$?; " + steal("y")
                        + "agentcoord lock w; echo rc=$?; agentcoord lock w; echo rc=$?; agentcoord unlock --all; agentcoord locks --mine");
        assertThat(output)
                .containsSubsequence(
                        "lost x (STOLEN by ",
                        "holds y",
                        "rc=0",
                        "lost y (STOLEN by ",
                        "rc=4",
                        "locked w",
                        "rc=0",
                        "unlocked all")
                .doesNotContain("holds x");
    }

    @Test
    void a_loss_is_told_until_somebody_reads_it() throws IOException, InterruptedException {
        String unread =
                "printf 'AC1\\0003\\000%s\\000unread\\000status\\000' \"$PWD\" | nc -U \"$AGENTCOORD_SOCK\" | grep -c 'lost x';";

        assertThat(inside("agentcoord lock -q x; " + steal("x") + unread + unread
                        + "agentcoord status 2>&1 | grep -c 'lost x'; agentcoord status 2>&1 | grep -c 'lost x'"))
                .endsWith("1\n1\n1\n0\n");
    }

    @Test
    void giving_up_what_was_lost_tells_so_once_and_ends_with_4() throws IOException, InterruptedException {
        assertThat(inside("agentcoord lock -q x y; agentcoord lock -q z; " + steal("x y")
                        + "agentcoord unlock x y; echo rc=$?; agentcoord unlock z"))
                .matches(
                        "(?s)stolen #\\d+\nagentcoord: lost x, y \\(STOLEN by a of user \\w+: gone\\)[^\n]*\nrc=4\nunlocked z\n");
    }

    @Test
    void giving_up_part_of_what_was_lost_tells_so_too() throws IOException, InterruptedException {
        assertThat(inside("agentcoord lock -q x y; " + steal("x y") + "agentcoord unlock x; echo rc=$?"))
                .matches("(?s)stolen #\\d+\nagentcoord: lost x, y \\(STOLEN by a of user \\w+: gone\\)[^\n]*\nrc=4\n");
    }

    @Test
    void a_claim_ends_with_its_agent() throws IOException, InterruptedException {
        sandbox.run("task", "add", "--id", "t1", "do it");

        assertThat(inside("agentcoord task claim")).startsWith("t1\n");
        assertThat(inside("agentcoord task claim --wait 5s")).startsWith("t1\n");
    }

    @Test
    void state_is_written_read_and_compared() throws IOException, InterruptedException {
        assertThat(
                        inside(
                                "printf 'a\\0b\\n' | agentcoord state put k -; agentcoord state get k | od -An -tx1;"
                                        + "agentcoord state cas k 99 x; echo $?; agentcoord state rm k; agentcoord state get k; echo $?"))
                .containsSubsequence(
                        " 61 00 62 0a\n",
                        "is not at revision 99",
                        "\n3\n",
                        "deleted k\n",
                        "there is no key 'k'",
                        "\n1\n");
    }

    @Test
    void outside_a_session_a_lock_is_held_while_a_command_runs() throws IOException, InterruptedException {
        Sandbox.Result held = sandbox.run("lock", "x", "--", "sh", "-c", "touch ran; exit 9");
        assertThat(held.code()).isEqualTo(9);
        assertThat(sandbox.repository().resolve("ran")).exists();

        Sandbox.Result alone = sandbox.run("lock", "x");
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.err())
                .isEqualTo("agentcoord: outside a session a lock is held only while a command runs."
                        + " Next: agentcoord lock PATH... -- COMMAND\n");
    }

    @Test
    void inside_a_session_a_command_runs_under_the_sessions_own_lock() throws IOException, InterruptedException {
        Sandbox.Result result = sandbox.runAgent(
                "a",
                "agentcoord lock -q src/; " + main()
                        + " lock src/A.java -- sh -c 'echo ran; exit 5' >out 2>&1; echo $? >>out; agentcoord locks >>out");

        assertThat(result.code()).isZero();
        assertThat(sandbox.read("out"))
                .startsWith("ran\n5\n")
                .contains("held src/")
                .doesNotContain("A.java");
    }

    @Test
    void inside_a_session_a_terminated_holder_ends_when_all_that_its_command_started_has_ended()
            throws IOException, InterruptedException {
        sandbox.write(
                "child", "trap 'sleep 1; echo cleaned >out; exit' TERM; touch ready; while :; do sleep 0.1; done");

        sandbox.runAgent(
                "a",
                main() + " lock x -- sh -c 'sh child; true' & holder=$!; until [ -e ready ]; do sleep 0.1; done;"
                        + " kill $holder; wait $holder; cp out seen");

        assertThat(sandbox.read("seen")).isEqualTo("cleaned\n");
    }

    @Test
    void inside_a_session_a_command_has_ended_when_the_lock_of_its_killed_holder_is_free()
            throws IOException, InterruptedException {
        sandbox.runAgent(
                "a",
                main()
                        + " lock x -- sh -c 'trap \"\" HUP TERM; echo $$ >pid; touch ready; while :; do sleep 0.1; done' &"
                        + " holder=$!; until [ -e ready ]; do sleep 0.1; done; kill -9 $holder; " + elsewhere()
                        + " lock -q --wait 1m x -- sh -c 'grep -qs \"^State:.[^Z]\" /proc/$(cat pid)/status && echo overlap || echo alone'"
                        + " >seen");

        assertThat(sandbox.read("seen")).isEqualTo("alone\n");
    }

    @Test
    void inside_a_session_what_a_command_leaves_behind_at_its_own_end_goes_on()
            throws IOException, InterruptedException {
        sandbox.runAgent(
                "a",
                main() + " lock x -- sh -c 'sleep 60 >/dev/null 2>&1 & echo $! >pid'; " + elsewhere()
                        + " lock -q --wait 1m x -- sh -c 'kill -0 $(cat pid) && echo lives' >seen");

        assertThat(sandbox.read("seen")).isEqualTo("lives\n");
    }

    @Test
    void mistakes_are_answered_in_one_line_with_the_next_command() throws IOException, InterruptedException {
        assertMistake(2, "there is no command 'lokc'", "lokc", "x");
        assertMistake(2, "no command was given");
        assertMistake(2, "lock: Missing required parameter", "lock");
        assertMistake(2, "Unknown option", "locks", "--frobnicate");
        assertMistake(2, "'task frob' is no command", "task", "frob");
        assertMistake(2, "no command to run was given", "run", "--name", "a");
        assertMistake(2, "there is no program 'no-such'", "run", "--name", "a", "--", "no-such");
        assertMistake(2, "there is no program 'no-such'", "lock", "x", "--", "no-such");
        assertMistake(2, "there is no program './no-such'", "port", "lease", "web", "--", "./no-such");
        assertMistake(2, "bad name 'a.b'", "run", "--name", "a.b", "--", "true");
        assertMistake(2, "bad name 'a:b'", "run", "--name", "a:b", "--", "true");
        assertMistake(2, "not a store", "locks", "--store", "nonsense");
        assertMistake(1, "you have run no agent zed", "attach", "zed");
        assertMistake(2, "not a duration", "lock", "x", "--wait", "soon", "--", "true");
    }

    @Test
    void a_store_that_cannot_be_written_is_named() throws IOException, InterruptedException {
        Files.writeString(sandbox.repository().resolve("file"), "");
        ProcessBuilder locks = sandbox.command("locks");
        locks.environment().put("AGENTCOORD_STORE", "fs:" + sandbox.repository() + "/file/store");

        Sandbox.Result result = Sandbox.finish(locks.start());

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).startsWith("agentcoord: ").contains("file/store");
    }

    @Test
    void a_missing_tmux_is_named_with_the_command_that_installs_it() throws IOException, InterruptedException {
        ProcessBuilder run = sandbox.command("run", "--name", "a", "--", "/bin/true");
        run.environment().put("PATH", "/nowhere");

        Sandbox.Result result = Sandbox.finish(run.start());

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("agentcoord: tmux is missing. Next: apt-get install tmux (or brew, dnf)\n");
    }

    @Test
    void commands_about_agents_look_where_the_session_coordinates_unless_told_otherwise()
            throws IOException, InterruptedException {
        Path store = sandbox.home().resolve("other");
        ProcessBuilder run = sandbox.command(
                "run",
                "--store",
                "fs:" + store,
                "--project",
                "web",
                "--name",
                "a",
                "--",
                "sh",
                "-c",
                "{ agentcoord logs a; echo $?; agentcoord doctor; agentcoord stop a --project it; echo $?; } >out 2>&1");
        run.directory(sandbox.home().toFile());
        run.environment().keySet().removeAll(List.of("AGENTCOORD_STORE", "AGENTCOORD_PROJECT"));

        Sandbox.finish(run.start());

        assertThat(Files.readString(sandbox.home().resolve("out")))
                .startsWith("0\n")
                .containsPattern("ok   file system: .* at " + store)
                .endsWith("agentcoord: you have run no agent a in project it. Next: agentcoord ls\n1\n");
    }

    @Test
    void the_doctor_names_what_is_no_record_of_a_run() throws IOException, InterruptedException {
        Path empty = Files.createDirectories(sandbox.state("runs")).resolve("0.json");
        Files.createFile(empty);

        assertThat(sandbox.run("doctor").out())
                .contains("BAD  leftovers: " + empty + " is not the record of a run. Next: rm -- " + empty);
        assertThat(sandbox.run("reap").code()).isZero();
    }

    @Test
    void the_doctor_finds_nothing_wrong_here() throws IOException, InterruptedException {
        assertThat(sandbox.run("doctor")).satisfies(result -> {
            assertThat(result.out())
                    .doesNotContain("BAD")
                    .contains("ok   tmux: tmux ", "ok   file system: ", " at ", "ok   java: " + Runtime.version());
            assertThat(result.code()).isZero();
        });
    }

    @Test
    void the_doctor_names_what_was_planted_among_the_sessions_and_how_to_remove_it()
            throws IOException, InterruptedException {
        sandbox.run("doctor");
        Path space;
        try (Stream<Path> all = Files.walk(sandbox.home())) {
            space = all.filter(path -> path.endsWith("sessions")).findFirst().orElseThrow();
        }
        Path planted = Files.createDirectories(space.resolve("0".repeat(26) + ".revoked~7"));

        Sandbox.Result result = sandbox.run("doctor");

        assertThat(result.code()).isOne();
        assertThat(result.out().lines().filter(line -> line.startsWith("BAD")))
                .singleElement()
                .asString()
                .startsWith("BAD  remains: " + planted + " of user ")
                .endsWith("Next: as that user or root: rm -r -- '" + planted + "'");
    }

    @Test
    void the_doctor_looks_at_everything_though_it_cannot_tell_which_store_to_use()
            throws IOException, InterruptedException {
        Files.writeString(sandbox.repository().resolve(".git/agentcoord.json"), "{");

        Sandbox.Result result = sandbox.run("doctor");

        assertThat(result.code()).isOne();
        assertThat(result.out()).contains("BAD  store: cannot read", "BAD  ensemble: cannot read", "leftovers: ");
    }

    @Test
    void the_doctor_says_what_to_do_about_each_thing_that_is_wrong() throws IOException, InterruptedException {
        ProcessBuilder doctor = sandbox.command("doctor");
        doctor.environment().put("PATH", "/nowhere");
        doctor.environment().put("AGENTCOORD_STORE", "fs:/dev/null/store");

        Sandbox.Result result = Sandbox.finish(doctor.start());

        assertThat(result.code()).isOne();
        assertThat(result.out().lines().filter(line -> line.startsWith("BAD")))
                .hasSize(5)
                .allSatisfy(line -> assertThat(line).contains("Next: "));
    }

    private void assertMistake(int code, String reason, String... words) throws IOException, InterruptedException {
        Sandbox.Result result = sandbox.run(words);
        assertThat(result.err()).startsWith("agentcoord: ").contains(reason);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(code);
    }

    /** What the commands of a script print inside an agent's session. */
    private static String steal(String path) {
        return "agentcoord steal $(agentcoord locks --mine | sed -n 's/^\\(#[0-9]*\\) held " + path + " .*/\\1/p')"
                + " --reason gone; ";
    }

    private String inside(String script) throws IOException, InterruptedException {
        sandbox.runAgent("a", "{ " + script + "; } >out 2>&1");
        return sandbox.read("out");
    }

    private void holdByBob(String command) throws IOException, InterruptedException {
        assertThat(sandbox.run("run", "--name", "bob", "--detach", "--", "sh", "-c", command + "; touch held; sleep 60")
                        .code())
                .isZero();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(sandbox.repository().resolve("held")));
    }

    /** A command that knows nothing of the session it is started in. */
    private String elsewhere() {
        return "env -u AGENTCOORD_SOCK -u AGENTCOORD_SESSION " + main();
    }

    /** A command in a JVM of its own, as shell words. */
    private String main() {
        return ShellQuote.quote(sandbox.command().command());
    }
}
