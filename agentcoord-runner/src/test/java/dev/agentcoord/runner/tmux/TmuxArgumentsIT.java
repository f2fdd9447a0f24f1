package dev.agentcoord.runner.tmux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TmuxArgumentsIT {
    private static final int TYPISTS = 8;

    private Path directory = Path.of("");

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "ac-it");
        Files.writeString(directory.resolve("tmux.conf"), TmuxConfig.text());
        tmux(TmuxArguments.command("new-session", "-d", "-s", "a", "--", "sleep", "60"));
    }

    @AfterEach
    void endServer() throws IOException, InterruptedException {
        new Tmux(directory.resolve("tmux")).kill();
        Files.deleteIfExists(directory.resolve("tmux"));
        Files.delete(directory.resolve("tmux.conf"));
        Files.delete(directory);
    }

    @Test
    void a_real_tmux_takes_each_argument_as_it_was() throws IOException {
        for (String hostile :
                List.of("x;", ";", "x\\;", "\\\\;", "a ; kill-server", "#(touch /tmp/x);", "'\"$`", "naïve;")) {
            tmux(TmuxArguments.command("set-buffer", "-b", "t", "--", hostile));

            assertThat(tmux(TmuxArguments.command("show-buffer", "-b", "t"))).isEqualTo(hostile);
        }
    }

    @Test
    void nothing_in_the_configuration_is_unknown_to_this_tmux() throws IOException {
        String output = tmux(TmuxArguments.command(
                        "source-file", directory.resolve("tmux.conf").toString())
                .then("show-options", "-s", "set-clipboard"));

        assertThat(output).isEqualTo("set-clipboard off\n");
    }

    @Test
    void a_text_for_a_name_never_reaches_a_session_whose_name_only_begins_so() throws IOException {
        tmux(TmuxArguments.command("new-session", "-d", "-s", "proj-10", "--", "cat"));
        Tmux server = new Tmux(directory.resolve("tmux"));

        assertThatThrownBy(() -> server.type("proj-1", "x"))
                .isInstanceOf(TmuxException.class)
                .hasMessageContaining("proj-1");

        assertThat(tmux(TmuxArguments.command("capture-pane", "-p", "-t", "=proj-10:")))
                .isBlank();
    }

    @Test
    void texts_that_are_typed_at_the_same_time_all_arrive_each_on_a_line_of_its_own() throws IOException {
        Path typed = directory.resolve("typed");
        tmux(TmuxArguments.command("new-session", "-d", "-s", "b", "--", "sh", "-c", "cat >" + typed));
        Tmux server = new Tmux(directory.resolve("tmux"));
        List<String> texts =
                IntStream.range(0, TYPISTS).mapToObj(i -> "text " + i).toList();

        CompletableFuture.allOf(texts.stream()
                        .map(text ->
                                CompletableFuture.runAsync(() -> type(server, text), task -> new Thread(task).start()))
                        .toArray(CompletableFuture[]::new))
                .join();

        await().untilAsserted(() -> assertThat(Files.readAllLines(typed)).containsExactlyInAnyOrderElementsOf(texts));
        Files.delete(typed);
    }

    private static void type(Tmux server, String text) {
        try {
            server.type("b", text);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String tmux(TmuxArguments arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "tmux",
                "-u",
                "-S",
                directory.resolve("tmux").toString(),
                "-f",
                directory.resolve("tmux.conf").toString()));
        words.addAll(arguments.list());
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().remove("TMUX");
        return new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
