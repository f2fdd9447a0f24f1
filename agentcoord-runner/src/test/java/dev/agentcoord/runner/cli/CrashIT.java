package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.testkit.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** What is left when an agent or its runner is killed: nothing. */
@Isolated("measures how soon a killed agent has ended")
final class CrashIT {
    /** Told apart from those of another build on this machine. */
    private static final String SLEEP = "sleep 61." + ProcessHandle.current().pid();

    /** Ignores hangups and termination, and has children that left its process group, its terminal and their environment. */
    private static final String STUBBORN = String.format("""
            trap '' HUP TERM
            agentcoord lock src/ || exit 9
            setsid sh -c 'trap "" HUP TERM; while :; do sleep 1; done' &
            (trap '' HUP TERM; env -i %s) &
            echo $$ >pid
            touch ready
            while :; do sleep 1; done
            """, SLEEP);

    /** A guard needs 0.9 s: it kills at the fifth pass over all processes. On two cores under a load of 30 it took 2.1 s. */
    private static final Duration END = Duration.ofSeconds(5);

    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void all_an_agent_started_ends_when_it_is_killed() throws IOException, InterruptedException {
        Process runner = startStubborn();

        Signals.send("KILL", Long.parseLong(sandbox.read("pid").strip()));

        assertThat(runner.waitFor()).isEqualTo(137);
        assertThat(sandbox.processes()).isEmpty();
        assertThat(sleepersWithoutEnvironment()).isZero();
        assertThat(sandbox.run("locks").out()).isEmpty();
    }

    @Test
    void all_an_agent_started_ends_when_its_runner_is_killed() throws IOException, InterruptedException {
        Process runner = startStubborn();

        Signals.send("KILL", runner.pid());

        await().atMost(END).until(() -> sandbox.processes().isEmpty());
        assertThat(sleepersWithoutEnvironment()).isZero();
        assertThat(sandbox.runtime()).isEmptyDirectory();
        assertThat(sandbox.run("lock", "src/", "--", "true").code()).isZero();
        assertThat(sandbox.run("status", "a").out()).contains("was cut off");
    }

    @Test
    void the_locks_stay_taken_until_the_last_process_of_a_killed_runner_has_ended()
            throws IOException, InterruptedException {
        Process runner = startStubborn();
        Signals.send("KILL", runner.pid());

        Sandbox.Result next = sandbox.run(
                "lock",
                "--wait",
                "10s",
                "src/",
                "--",
                "sh",
                "-c",
                "kill -0 $(cat pid) 2>/dev/null && echo overlap || echo alone");

        assertThat(next.out()).isEqualTo("alone\n");
    }

    @Test
    void a_runner_asked_to_end_ends_its_agent_first() throws IOException, InterruptedException {
        Process runner = sandbox.startAgent("a", "touch ready; sleep 60");
        awaitReady();

        runner.destroy();
        runner.waitFor();

        assertThat(sandbox.processes()).isEmpty();
        assertThat(sandbox.run("ls").out()).isEmpty();
    }

    @Test
    void a_killed_terminal_ends_its_agent() throws IOException, InterruptedException {
        Process runner = startStubborn();

        sandbox.processes().stream()
                .filter(process -> process.info()
                        .command()
                        .filter(c -> c.endsWith("/tmux"))
                        .isPresent())
                .forEach(ProcessHandle::destroyForcibly);

        Sandbox.Result ended = Sandbox.finish(runner);
        assertThat(ended.code()).isEqualTo(137);
        assertThat(ended.err()).contains("agent a was ended: its terminal was killed. Next: agentcoord logs a");
        assertThat(sandbox.processes()).isEmpty();
        assertThat(sandbox.run("status", "a").out()).contains("with status 137 because its terminal was killed");
    }

    @Test
    void a_command_does_not_outlive_the_lock_it_was_started_under() throws IOException, InterruptedException {
        Process holder = sandbox.start(
                "lock", "x", "--", "sh", "-c", "trap '' HUP TERM; touch ready; while :; do sleep 1; done");
        awaitReady();

        Signals.send("KILL", holder.pid());

        await().atMost(END).until(() -> sandbox.processes().isEmpty());
        assertThat(sandbox.run("lock", "x", "--", "true").code()).isZero();
    }

    @Test
    void ctrl_c_lets_a_command_under_a_lock_finish_what_it_does_about_it() throws IOException, InterruptedException {
        Process holder =
                startHolder("trap 'sleep 2; echo cleaned >out; exit 3' INT; touch ready; while :; do sleep 0.1; done");

        Signals.send("INT", -holder.pid());

        assertThat(holder.waitFor()).isEqualTo(130);
        assertThat(sandbox.read("out")).isEqualTo("cleaned\n");
        assertThat(sandbox.run("lock", "x", "--", "true").code()).isZero();
    }

    @Test
    void a_terminated_holder_ends_its_command_and_then_itself_when_the_lock_is_free()
            throws IOException, InterruptedException {
        Process holder =
                startHolder("trap 'sleep 1; echo cleaned >out; exit 3' TERM; touch ready; while :; do sleep 0.1; done");

        Signals.send("TERM", holder.pid());

        assertThat(holder.waitFor()).isEqualTo(143);
        assertThat(sandbox.read("out")).isEqualTo("cleaned\n");
        await().atMost(END).until(() -> sandbox.processes().isEmpty());
        assertThat(sandbox.run("lock", "x", "--", "true").code()).isZero();
    }

    /** In a process group of its own, as from a terminal. */
    private Process startHolder(String script) throws IOException {
        ProcessBuilder lock = sandbox.command("lock", "x", "--", "sh", "-c", script);
        lock.command().add(0, "setsid");
        lock.command().addAll(0, Signals.interruptible());
        Process holder = lock.start();
        awaitReady();
        return holder;
    }

    private Process startStubborn() throws IOException {
        Process runner = sandbox.startAgent("a", STUBBORN);
        awaitReady();
        return runner;
    }

    private void awaitReady() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Files.exists(sandbox.repository().resolve("ready")));
    }

    private static long sleepersWithoutEnvironment() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.endsWith(SLEEP))
                        .isPresent())
                .count();
    }
}
