package dev.agentcoord.runner.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher outside a session, in a checkout whose path needs quoting. */
final class LauncherBuildIT {

    @TempDir
    Path directory;

    @Test
    void builds_on_the_first_start_and_not_on_the_second() throws IOException, InterruptedException {
        StandInHome home = home();
        Launcher.Outcome first = launcher(home).run("ls");
        Launcher.Outcome second = launcher(home).run("ls");

        assertThat(home.builds()).isEqualTo(1);
        assertThat(first.err()).contains("building agentcoord-runner: done");
        assertThat(second).isEqualTo(new Launcher.Outcome(0, first.out(), ""));
    }

    @Test
    void quotes_the_path_of_the_checkout_for_java() throws IOException, InterruptedException {
        StandInHome home = home();
        launcher(home).run("ls");

        assertThat(home.keptBuilds().get(0).resolve("options"))
                .content()
                .contains("\"-Dagentcoord.launcher=" + directory + "/a \\\"check\\\" out/agentcoord\"\n");
    }

    @Test
    void builds_again_when_a_source_is_newer() throws IOException, InterruptedException {
        StandInHome home = home();
        launcher(home).run("ls");
        Files.writeString(home.source(), "class Main { }");
        launcher(home).run("ls");

        assertThat(home.builds()).isEqualTo(2);
    }

    @Test
    void builds_again_when_a_source_is_deleted() throws IOException, InterruptedException {
        StandInHome home = home();
        launcher(home).run("ls");
        Files.delete(home.source());
        launcher(home).run("ls");

        assertThat(home.builds()).isEqualTo(2);
    }

    @Test
    void builds_again_for_another_jdk() throws IOException, InterruptedException {
        StandInHome home = home();
        launcher(home).run("ls");
        launcher(home, home.environment(home.createJdk("other"))).run("ls");

        assertThat(home.builds()).isEqualTo(2);
    }

    @Test
    void builds_once_for_two_first_starts() throws IOException, InterruptedException {
        StandInHome home = home();
        Launcher.Running one = launcher(home).start("ls");
        Launcher.Running two = launcher(home).start("ls");

        assertThat(one.outcome().exitCode()).isZero();
        assertThat(two.outcome().exitCode()).isZero();
        assertThat(home.builds()).isEqualTo(1);
    }

    @Test
    void names_the_log_of_a_failed_build_and_builds_at_the_next_start() throws IOException, InterruptedException {
        StandInHome home = home();
        home.breakTheBuild();
        Launcher.Outcome outcome = launcher(home).run("ls");
        launcher(home).run("ls");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("[ERROR] broken", "the build failed. Next: read ", "build.log");
        assertThat(home.builds()).isEqualTo(2);
    }

    @Test
    void keeps_the_build_that_a_running_jvm_uses() throws IOException, InterruptedException {
        StandInHome home = home();
        launcher(home).run("ls");
        Path used = home.keptBuilds().get(0);
        Launcher.Running running = launcher(home).start("hold");
        await().until(() -> Files.readString(running.out()).endsWith("hold\n"));
        rebuild(home, 3);
        assertThat(home.keptBuilds()).hasSize(3).contains(used);

        running.process().getOutputStream().close();
        running.outcome();
        rebuild(home, 1);
        assertThat(home.keptBuilds()).hasSize(2).doesNotContain(used);
    }

    @Test
    void hands_over_the_arguments_and_returns_the_exit_code() throws IOException, InterruptedException {
        Launcher.Outcome outcome = launcher(home()).run("", "a\nb", "*", "-x", "fail");

        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.out()).endsWith("dev.agentcoord.runner.cli.Main\n\na\nb\n*\n-x\nfail\n");
    }

    @Test
    void finds_its_checkout_through_symbolic_links() throws IOException, InterruptedException {
        StandInHome home = home();
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), home.launcher());
        Path relative = Files.createSymbolicLink(bin.resolve("relative"), absolute.getFileName());
        Launcher.Outcome outcome = new Launcher(relative, directory, home.environment()).run("ls");

        assertThat(outcome.exitCode()).isZero();
        assertThat(home.builds()).isEqualTo(1);
    }

    @Test
    void names_what_is_missing_and_the_command_for_each_system() throws IOException, InterruptedException {
        StandInHome home = home();
        home.removeTool("tmux");
        Launcher.Outcome outcome = launcher(home).run("ls");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines())
                .containsExactly(
                        "agentcoord: missing: tmux 3.3 or newer, to hold the agents. Next, the command for your system:",
                        "  Debian/Ubuntu: sudo apt-get update && sudo apt-get install -y tmux",
                        "  Fedora:        sudo dnf install -y tmux",
                        "  macOS:         brew install tmux");
    }

    @Test
    void names_no_package_where_what_is_missing_is_part_of_the_system() throws IOException, InterruptedException {
        StandInHome home = home();
        home.removeTool("nc");

        assertThat(launcher(home).run("ls").err().lines())
                .contains(
                        "  Debian/Ubuntu: sudo apt-get update && sudo apt-get install -y netcat-openbsd",
                        "  macOS:         nc is part of the system; put /usr/bin on the PATH");
    }

    @Test
    void notices_a_tool_that_was_removed_after_the_build() throws IOException, InterruptedException {
        StandInHome home = home();
        launcher(home).run("ls");
        home.removeTool("nc");

        assertThat(launcher(home).run("ls").exitCode()).isEqualTo(1);
    }

    @Test
    void refuses_a_tmux_that_is_too_old() throws IOException, InterruptedException {
        StandInHome home = home();
        home.setTmuxVersion("3.2a");

        assertThat(launcher(home).run("ls").err()).contains("missing: tmux 3.3 or newer");
    }

    private StandInHome home() throws IOException {
        return new StandInHome(directory.resolve("a \"check\" out"));
    }

    private Launcher launcher(StandInHome home) {
        return launcher(home, home.environment());
    }

    private Launcher launcher(StandInHome home, Map<String, String> environment) {
        return new Launcher(home.launcher(), directory, environment);
    }

    private void rebuild(StandInHome home, int times) throws IOException, InterruptedException {
        for (int i = 0; i < times; i++) {
            Files.writeString(home.source(), "class Main { } // " + i);
            launcher(home).run("ls");
        }
    }
}
