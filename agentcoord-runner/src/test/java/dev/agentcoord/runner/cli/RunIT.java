package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Agents in real terminals, from start to a regular end. */
final class RunIT {
    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    @Test
    void the_status_of_the_agent_is_the_status_of_the_run() throws IOException, InterruptedException {
        assertThat(sandbox.runAgent("a", "exit 0").code()).isZero();
        assertThat(sandbox.runAgent("a", "exit 7").code()).isEqualTo(7);
        assertThat(sandbox.runAgent("a", "kill -9 $$").code()).isEqualTo(137);

        assertThat(sandbox.run("status", "a").out()).contains("ended with status 137");
    }

    @Test
    void nothing_is_left_of_a_run_but_its_record_and_log() throws IOException, InterruptedException {
        sandbox.runAgent("a", "true");

        assertThat(sandbox.processes()).isEmpty();
        assertThat(sandbox.runtime()).isEmptyDirectory();
    }

    @Test
    void the_agent_finds_its_session_in_its_environment() throws IOException, InterruptedException {
        sandbox.runAgent("a", "env >env; command -v agentcoord >which; agentcoord ls --json >ls; tty >tty");

        List<String> environment = sandbox.read("env").lines().toList();
        assertThat(environment).contains("AGENTCOORD_AGENT=a", "AGENTCOORD_PROJECT=it");
        assertThat(environment).noneMatch(line -> line.startsWith("AGENTCOORD_GUARD="));
        assertThat(sandbox.read("which")).endsWith("/agentcoord\n");
        assertThat(sandbox.read("tty")).startsWith("/dev/");
        String session = environment.stream()
                .filter(line -> line.startsWith("AGENTCOORD_SESSION="))
                .findFirst()
                .orElseThrow()
                .substring("AGENTCOORD_SESSION=".length());
        assertThat(sandbox.read("ls")).contains("\"session\":\"" + session + "\"");
    }

    @Test
    void hostile_arguments_arrive_as_they_are() throws IOException, InterruptedException {
        String hostile = "a;|;|#(touch pwned)|$(touch pwned)|`x`|'\"|a\nb|naïve 日本|-n||\\;|x\\";
        String[] command = {"run", "--name", "a", "--", "sh", "-c", "printf '%s\\0' \"$@\" >args", "sh"};
        List<String> words = new ArrayList<>(List.of(command));
        List<String> arguments = List.of(hostile.split("\\|", -1));
        words.addAll(arguments);

        sandbox.run(words.toArray(String[]::new));

        assertThat(sandbox.read("args")).isEqualTo(String.join("\0", arguments) + "\0");
        assertThat(sandbox.repository().resolve("pwned")).doesNotExist();
    }

    @Test
    void an_argument_larger_than_a_message_of_tmux_arrives() throws IOException, InterruptedException {
        String prompt = "x".repeat(60_000);

        sandbox.run("run", "--name", "a", "--", "sh", "-c", "printf %s \"$1\" >arg", "sh", prompt);

        assertThat(sandbox.read("arg")).isEqualTo(prompt);
    }

    @Test
    void the_first_and_the_last_output_are_in_the_log() throws IOException, InterruptedException {
        sandbox.runAgent("a", "echo first; seq 2000; printf '\\033]52;c;eA==\\007last'");

        String log = sandbox.run("logs", "a").out();
        assertThat(log).startsWith("first\n1\n2\n").endsWith("1999\n2000\nlast");
    }

    @Test
    void the_log_is_its_users_own() throws IOException, InterruptedException {
        sandbox.runAgent("a", "echo secret");

        try (DirectoryStream<Path> logs =
                Files.newDirectoryStream(sandbox.runtime().resolveSibling("state/agentcoord/logs"))) {
            for (Path log : logs) {
                assertThat(Files.getPosixFilePermissions(log)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    @Test
    void locks_are_free_when_their_agent_has_ended() throws IOException, InterruptedException {
        sandbox.runAgent("a", "agentcoord lock src/ >out 2>&1");
        assertThat(sandbox.read("out")).isEqualTo("locked src/\n");

        assertThat(sandbox.run("locks").out()).isEmpty();
        assertThat(sandbox.run("ls").out()).isEmpty();
    }

    @Test
    void an_agent_of_the_same_name_is_refused() throws IOException, InterruptedException {
        Process first = sandbox.startAgent("a", "touch ready; sleep 60");
        await().until(() -> Files.exists(sandbox.repository().resolve("ready")));

        Sandbox.Result second = sandbox.runAgent("a", "touch second");

        assertThat(second.code()).isEqualTo(3);
        assertThat(second.err().lines())
                .hasSize(1)
                .first()
                .asString()
                .contains("runs already", "Next: agentcoord attach a");
        assertThat(sandbox.repository().resolve("second")).doesNotExist();
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void a_detached_run_returns_and_goes_on_until_it_is_stopped() throws IOException, InterruptedException {
        Sandbox.Result started =
                sandbox.run("run", "--name", "a", "--detach", "--", "sh", "-c", "trap '' HUP; sleep 60");
        assertThat(started)
                .isEqualTo(new Sandbox.Result(0, "agent a runs. Next: agentcoord attach a | logs -f a | stop a\n", ""));
        assertThat(sandbox.run("ls").out()).startsWith("a  alive");

        assertThat(sandbox.run("stop", "a").out()).isEqualTo("stopped a\n");

        await().untilAsserted(() -> assertThat(sandbox.processes()).isEmpty());
        assertThat(sandbox.run("status", "a").out()).contains("ended with status 143");
        assertThat(sandbox.runtime()).isEmptyDirectory();
    }

    @Test
    void a_detached_run_that_is_refused_says_so_at_once() throws IOException, InterruptedException {
        sandbox.run("run", "--name", "a", "--detach", "--", "sleep", "60");

        Sandbox.Result second = sandbox.run("run", "--name", "a", "--detach", "--", "sleep", "60");

        assertThat(second.code()).isEqualTo(3);
        assertThat(second.err().lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("agentcoord: an agent named a runs already");
    }

    @Test
    void what_is_no_program_is_refused_before_anything_is_reported() throws IOException, InterruptedException {
        sandbox.write("script", "#!/bin/sh\n");

        assertRefused(2, "'/tmp' is a directory, not a program", "run", "--name", "a", "--detach", "--", "/tmp");
        assertRefused(
                2,
                "'./script' is not executable. Next: chmod +x './script'",
                "run",
                "--name",
                "a",
                "--detach",
                "--",
                "./script");
        assertRefused(2, "there is no program './gone'", "run", "--name", "a", "--detach", "--", "./gone");
        assertThat(sandbox.files("logs")).isEmpty();
    }

    @Test
    void a_refused_run_leaves_no_log() throws IOException, InterruptedException {
        Process first = sandbox.startAgent("a", "touch ready; sleep 60");
        await().until(() -> Files.exists(sandbox.repository().resolve("ready")));

        assertRefused(3, "runs already", "run", "--name", "a", "--", "true");

        assertThat(sandbox.files("logs")).hasSize(1);
        assertThat(sandbox.files("runs")).hasSize(1);
        assertThat(first.isAlive()).isTrue();
    }

    @Test
    void an_agent_whose_name_is_stolen_is_ended() throws IOException, InterruptedException {
        Process first = sandbox.startAgent("a", "touch ready; sleep 60");
        await().until(() -> Files.exists(sandbox.repository().resolve("ready")));
        String ticket = sandbox.run("locks").out().replaceFirst("(?s) .*", "");

        assertThat(sandbox.run("steal", ticket, "--reason", "mine now").code()).isZero();

        Sandbox.Result ended = Sandbox.finish(first);
        assertThat(ended.code()).isEqualTo(4);
        assertThat(ended.err()).contains("agent a was ended: its name was stolen");
        assertThat(sandbox.processes()).isEmpty();
        assertThat(sandbox.run("status", "a").out()).contains("with status 4 because its name was stolen");
    }

    @Test
    void a_log_that_is_full_is_begun_anew_and_the_one_before_it_kept() throws IOException, InterruptedException {
        ProcessBuilder run =
                sandbox.command("run", "--name", "a", "--", "sh", "-c", "seq 200000 399999; sleep 1; echo end");
        run.environment().put("AGENTCOORD_LOG_LIMIT", "100000");

        assertThat(Sandbox.finish(run.start()).code()).isZero();

        assertThat(sandbox.files("logs")).hasSize(2).allSatisfy(log -> {
            assertThat(Files.size(log)).isLessThan(100_000 + 64 * 64 * 1024);
            assertThat(Files.getPosixFilePermissions(log)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        });
        assertThat(sandbox.run("logs", "a").out()).endsWith("\nend\n");
    }

    @Test
    void the_log_is_told_in_json_line_by_line() throws IOException, InterruptedException {
        sandbox.runAgent("a", "printf '\\033[31mred\\033[0m \"q\"\\nlast'");

        assertThat(sandbox.run("logs", "--json", "a").out())
                .isEqualTo("{\"agent\":\"a\",\"text\":\"red \\\"q\\\"\"}\n{\"agent\":\"a\",\"text\":\"last\"}\n");
    }

    @Test
    void old_runs_and_their_logs_are_reaped() throws IOException, InterruptedException {
        sandbox.runAgent("old", "echo x");
        sandbox.runAgent("new", "echo x");
        Path record = sandbox.files("runs").stream()
                .filter(file -> contains(file, "\"agent\":\"old\""))
                .findFirst()
                .orElseThrow();
        String aged = Files.readString(record).replaceAll("\"ended\":\"\\d{4}", "\"ended\":\"2020");
        Files.writeString(record, aged);

        assertThat(sandbox.run("reap").out()).isEqualTo("removed the logs of 1 old runs\n");
        assertThat(sandbox.run("reap").out()).isEqualTo("nothing was left\n");

        assertThat(sandbox.files("logs")).singleElement().asString().contains("/new-");
        assertThat(sandbox.files("runs")).hasSize(1);
    }

    @Test
    void a_terminal_is_never_made_where_others_may_look() throws IOException, InterruptedException {
        Files.createDirectory(
                sandbox.runtime(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        assertRefused(
                1,
                "is not a directory of mode 0700 of your own. Next: chmod 700 " + sandbox.runtime(),
                "run",
                "--name",
                "a",
                "--",
                "true");
    }

    @Test
    void the_sockets_and_files_of_a_run_are_its_users_own() throws IOException, InterruptedException {
        sandbox.run("run", "--name", "a", "--detach", "--", "sleep", "60");

        Path run;
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(sandbox.runtime())) {
            run = runs.iterator().next();
        }
        for (Path directory : List.of(sandbox.runtime(), run, sandbox.state("logs"), sandbox.state("runs"))) {
            assertThat(Files.getPosixFilePermissions(directory))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
        assertThat(Files.getPosixFilePermissions(run.resolve("control")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void who_joined_one_agent_cannot_walk_to_another() throws IOException, InterruptedException {
        sandbox.run("run", "--name", "a", "--detach", "--", "sleep", "60");
        sandbox.run("run", "--name", "b", "--detach", "--", "sleep", "60");

        List<String> sessions = new ArrayList<>();
        try (DirectoryStream<Path> runs = Files.newDirectoryStream(sandbox.runtime())) {
            for (Path run : runs) {
                Process tmux = new ProcessBuilder(
                                "tmux", "-S", run.resolve("tmux").toString(), "list-sessions", "-F", "#{session_name}")
                        .start();
                sessions.add(Sandbox.finish(tmux).out());
            }
        }

        assertThat(sessions).containsExactlyInAnyOrder("a\n", "b\n");
    }

    @Test
    void a_name_that_only_begins_alike_is_another_agent() throws IOException, InterruptedException {
        sandbox.run("run", "--name", "web-10", "--detach", "--", "sleep", "60");

        for (String verb : List.of("stop", "attach")) {
            assertRefused(1, "you have run no agent web-1 ", verb, "web-1");
        }
        assertRefused(1, "you have run no agent web-1 ", "send", "web-1", "x");
        assertRefused(1, "standard input is not a terminal. Next: agentcoord logs -f web-10", "attach", "web-10");
        assertThat(sandbox.run("ls").out()).startsWith("web-10  alive");
    }

    private void assertRefused(int code, String reason, String... words) throws IOException, InterruptedException {
        Sandbox.Result result = sandbox.run(words);
        assertThat(result.err()).contains(reason);
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(code);
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_text_is_typed_into_the_terminal() throws IOException, InterruptedException {
        sandbox.run(
                "run",
                "--name",
                "a",
                "--detach",
                "--",
                "sh",
                "-c",
                "touch ready; IFS= read -r line; printf %s \"$line\" >typed; sleep 60");
        await().until(() -> Files.exists(sandbox.repository().resolve("ready")));

        assertThat(sandbox.run("send", "a", "fix the 'bug'; #(x) é").code()).isZero();

        await().untilAsserted(() -> assertThat(sandbox.read("typed")).isEqualTo("fix the 'bug'; #(x) é"));
    }
}
