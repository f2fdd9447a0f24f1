package dev.agentcoord.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracesIT {
    @TempDir
    private Path directory;

    private Path repository;
    private Path traces;

    @BeforeEach
    void makeRepository() throws IOException, InterruptedException {
        repository = Files.createDirectory(directory.resolve("repository"));
        traces = Files.createDirectory(directory.resolve("traces"));
        git("init", "--quiet");
        Files.writeString(repository.resolve("a.txt"), "one\n");
    }

    @Test
    void a_git_add_and_a_git_commit_that_failed_are_counted_and_nothing_else()
            throws IOException, InterruptedException {
        Files.createFile(repository.resolve(".git/index.lock"));
        git("add", "a.txt");
        Files.delete(repository.resolve(".git/index.lock"));
        git("commit", "--message=nothing is staged");
        git("rev-parse", "no-such-revision");
        git("add", "a.txt");
        git(
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@localhost",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "--quiet",
                "--message=fine");

        assertThat(Traces.failedIndexCommands(traces)).isEqualTo(2);
    }

    @Test
    void a_dev_server_whose_port_is_taken_says_so_and_is_counted() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            String port = Integer.toString(taken.getLocalPort());
            run(
                    directory.resolve("traces/server"),
                    List.of(java, "-cp", Stage.classes(), DevServer.class.getName(), port));
        }
        Files.writeString(traces.resolve("other-server"), "listening on 20000\n");

        assertThat(Traces.portClashes(traces)).isEqualTo(1);
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        run(directory.resolve("output"), command);
    }

    private void run(Path output, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("GIT_TRACE2_EVENT", traces.toString());
        builder.start().waitFor();
    }
}
