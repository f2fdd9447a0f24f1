package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.runner.store.PlaceFinder;
import dev.agentcoord.runner.store.PlaceOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LockWordsIT {
    @TempDir
    private Path repository = Path.of("");

    @BeforeEach
    void makeRepository() throws IOException {
        repository = repository.toRealPath();
        Files.createDirectories(repository.resolve(".git"));
        Files.createDirectories(repository.resolve("src/gen"));
    }

    @Test
    void each_form_is_read_relative_to_where_it_was_typed() {
        assertThat(read("src", "A.java", "new/", "glob:*.proto", "name:git:index", "../README.md"))
                .isEqualTo(LockRequest.exclusive(
                        Item.file("src/A.java"),
                        Item.tree("src/new"),
                        Item.glob("src/*.proto"),
                        Item.name("git:index"),
                        Item.file("README.md")));
    }

    @Test
    void a_directory_that_exists_is_a_tree_with_or_without_slash() {
        assertThat(read("", "src/gen"))
                .isEqualTo(read("", "src/gen/"))
                .isEqualTo(LockRequest.exclusive(Item.tree("src/gen")));
        assertThat(read("src", "..")).isEqualTo(LockRequest.exclusive(Item.tree(".")));
    }

    @Test
    void a_pool_names_its_capacity() {
        assertThat(read("", "pool:build/2")).isEqualTo(LockRequest.permits(Item.pool("build", 2), 1));
        assertThat(read("", "pool:a/b/3")).isEqualTo(LockRequest.permits(Item.pool("a/b", 3), 1));
        for (String wrong : List.of("pool:build", "pool:build/x", "pool:build/0", "pool:/2")) {
            assertThatThrownBy(() -> read("", wrong)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void a_kind_with_nothing_after_it_is_refused_with_what_to_write() {
        assertThatThrownBy(() -> read("", "name:")).hasMessageEndingWith("; write name:KEY, like name:git:index");
        assertThatThrownBy(() -> read("", "glob: ")).hasMessageEndingWith("; write glob:PATTERN, like glob:**/*.proto");
        for (String pool : List.of("pool:", "pool:/", "pool:/2")) {
            assertThatThrownBy(() -> read("", pool))
                    .hasMessageEndingWith("; write pool:NAME/CAPACITY, like pool:build/2");
        }
    }

    @Test
    void what_leaves_the_repository_is_refused() {
        for (String wrong : List.of("/etc/passwd", "../x", "src/../../x", "glob:../*", "")) {
            assertThatThrownBy(() -> read("", wrong)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void the_mode_counts_for_all_paths() {
        LockRequest request = words("").read(List.of("a", "b"), Mode.SHARED);

        assertThat(request).isEqualTo(LockRequest.shared(Item.file("a"), Item.file("b")));
    }

    private LockRequest read(String directory, String... words) {
        return words(directory).read(List.of(words), Mode.EXCLUSIVE);
    }

    private LockWords words(String directory) {
        return LockWords.typedIn(
                repository.resolve(directory), new PlaceFinder(Map.of()).find(repository, PlaceOptions.NONE));
    }

    @Test
    void what_is_hardly_meant_as_a_path_is_refused_with_what_to_write() {
        assertThatThrownBy(() -> read("", "tree:src/"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("./tree:src/");
        assertThatThrownBy(() -> read("", "pools:build/2")).hasMessageContaining("pool:NAME/CAPACITY");
        assertThatThrownBy(() -> read("", "src/*.java")).hasMessageContaining("glob:src/*.java");
        assertThat(read("", "./tree:src", "./a*b", "[id].tsx"))
                .isEqualTo(LockRequest.exclusive(Item.file("tree:src"), Item.file("a*b"), Item.file("[id].tsx")));
    }
}
