package dev.agentcoord.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceIT {
    private static final String CONTENT = "A line of text.\n".repeat(20);

    @TempDir
    private Path directory;

    private Path origin;
    private Commands commands;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void makeOrigin() throws IOException {
        origin = Files.createDirectory(directory.resolve("origin"));
        commands = new Commands(directory);
    }

    @Test
    void a_repository_is_cloned_and_left_as_it_is() throws IOException, InterruptedException {
        Files.writeString(origin.resolve("a.md"), CONTENT);
        Checkout original = commit();

        Checkout clone = provide();
        Files.writeString(clone.root().resolve("a.md"), "changed");

        assertThat(clone.head()).isEqualTo(original.head());
        assertThat(original.onDisk("a.md")).isEqualTo(CONTENT);
        assertThat(said).isEmpty();
    }

    @Test
    void where_there_is_no_repository_a_small_one_is_made_and_that_is_said() throws IOException, InterruptedException {
        Checkout made = provide();

        assertThat(Source.editableFiles(made, 6, new Random(1))).hasSize(6);
        assertThat(made.git("status", "--porcelain")).isEmpty();
        assertThat(said).singleElement().asString().contains("not a git checkout");
    }

    @Test
    void only_tracked_text_files_with_plain_names_are_chosen() throws IOException, InterruptedException {
        for (String name : List.of(
                "good.md", "two words.md", "$(touch x).md", "-n.md", "star*.md", "line\nbreak.md", "image.png")) {
            Files.writeString(origin.resolve(name), CONTENT);
        }
        Files.writeString(origin.resolve("tiny.md"), "x");
        Files.createSymbolicLink(origin.resolve("link.md"), Path.of("good.md"));
        commit();

        Checkout clone = provide();
        Files.writeString(clone.root().resolve("untracked.md"), CONTENT);

        assertThat(Source.editableFiles(clone, 100, new Random(1))).containsExactly("good.md");
    }

    private Checkout provide() throws IOException, InterruptedException {
        Path parent = Files.createDirectory(directory.resolve("part"));
        return new Source(origin, commands).provide(parent, new Progress(said::add));
    }

    private Checkout commit() throws IOException, InterruptedException {
        Checkout checkout = new Checkout(origin, commands);
        checkout.git("init", "--quiet");
        checkout.git("add", "--all");
        checkout.git(
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@localhost",
                "-c",
                "commit.gpgsign=false",
                "commit",
                "--quiet",
                "--message=Begin");
        return checkout;
    }
}
