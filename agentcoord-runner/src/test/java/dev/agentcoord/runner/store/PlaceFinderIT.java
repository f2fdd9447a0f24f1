package dev.agentcoord.runner.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.runner.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

final class PlaceFinderIT {
    @TempDir(factory = OutsideGit.class)
    private Path home = Path.of("");

    /** The build's own temporary directory may lie in a git work tree. */
    static final class OutsideGit implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.createTempDirectory(Path.of("/tmp"), "ac-it");
        }
    }

    private final Map<String, String> environment = new HashMap<>();
    private Path repository = Path.of("");

    @BeforeEach
    void makeRepository() throws IOException {
        home = home.toRealPath();
        repository = Files.createDirectories(home.resolve("Web Shop"));
        Files.createDirectories(repository.resolve(".git/worktrees/one"));
        Files.createDirectories(repository.resolve("src"));
        environment.put("XDG_STATE_HOME", home.resolve("state").toString());
    }

    @Test
    void the_sources_are_asked_in_their_order() throws IOException {
        assertThat(find(PlaceOptions.NONE).store()).isEqualTo(store("state/agentcoord/store"));
        Files.writeString(home.resolve("etc.json"), json("etc", "etc-space"));
        assertThat(find(PlaceOptions.NONE))
                .extracting(Place::store, Place::space)
                .containsExactly(store("etc"), "etc-space");
        environment.put("AGENTCOORD_STORE", store("env").toString());
        environment.put("AGENTCOORD_PROJECT", "env-space");
        assertThat(find(PlaceOptions.NONE))
                .extracting(Place::store, Place::space)
                .containsExactly(store("env"), "env-space");
        assertThat(find(options("flag", "flag-space")))
                .extracting(Place::store, Place::space)
                .containsExactly(store("flag"), "flag-space");
        environment.clear();
        Files.writeString(repository.resolve(".git/agentcoord.json"), json("repo", "repo-space"));
        assertThat(find(PlaceOptions.NONE))
                .extracting(Place::store, Place::space)
                .containsExactly(store("repo"), "repo-space");
    }

    @Test
    void only_the_default_is_private_and_says_so() {
        assertThat(find(PlaceOptions.NONE).isPrivate()).isTrue();
        assertThat(find(PlaceOptions.NONE).describe()).contains("private to you", "agentcoord init --store");
        assertThat(find(options("shared", "web")).isPrivate()).isFalse();
        assertThat(find(options("shared", "web")).describe()).doesNotContain("private");
    }

    @Test
    void who_contradicts_the_repository_is_refused() throws IOException {
        Files.writeString(repository.resolve(".git/agentcoord.json"), json("repo", "repo-space"));

        assertThatThrownBy(() -> find(options("other", "repo-space")))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(2))
                .hasMessageContainingAll("--store", "other", "repo", "agentcoord.json");
        environment.put("AGENTCOORD_PROJECT", "other-space");
        assertThatThrownBy(() -> find(PlaceOptions.NONE))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("AGENTCOORD_PROJECT");
        environment.put("AGENTCOORD_PROJECT", "repo-space");
        assertThat(find(options("repo", "repo-space")).space()).isEqualTo("repo-space");
    }

    @Test
    void one_store_by_two_ways_is_no_disagreement() throws IOException {
        Files.createDirectory(home.resolve("repo"));
        Files.createSymbolicLink(home.resolve("link"), home.resolve("repo"));
        Files.writeString(repository.resolve(".git/agentcoord.json"), json("repo", "web"));

        assertThat(find(options("link", "web")).store()).isEqualTo(store("link"));
    }

    @Test
    void the_first_to_settle_decides_for_all_who_come_later() throws IOException {
        finder().settle(repository, options("first", "web"));

        assertThat(find(PlaceOptions.NONE))
                .extracting(Place::store, Place::space)
                .containsExactly(store("first"), "web");
        assertThatThrownBy(() -> finder().settle(repository, options("second", "web")))
                .isInstanceOf(Refusal.class);
        finder().replace(repository, options("second", "web"));
        assertThat(find(PlaceOptions.NONE).store()).isEqualTo(store("second"));
    }

    @Test
    void all_work_trees_of_a_repository_are_one_place() throws IOException {
        Path linked = home.resolve("linked");
        Files.createDirectories(linked.resolve("src"));
        Files.writeString(linked.resolve(".git"), "gitdir: " + repository.resolve(".git/worktrees/one") + "\n");
        Files.writeString(repository.resolve(".git/worktrees/one/commondir"), "../..\n");
        finder().settle(repository, options("shared", "web"));

        Place place = finder().find(linked.resolve("src"), PlaceOptions.NONE);

        assertThat(place.store()).isEqualTo(store("shared"));
        assertThat(place.root()).isEqualTo(linked);
        assertThat(place.repository().map(Repository::commonDirectory)).contains(repository.resolve(".git"));
    }

    @Test
    void unrelated_repositories_of_one_name_have_spaces_of_their_own() throws IOException {
        Path other = home.resolve("other/Web Shop");
        Files.createDirectories(other.resolve(".git"));

        assertThat(find(PlaceOptions.NONE).space()).matches("web-shop-[0-9a-f]{8}");
        assertThat(finder().find(other, PlaceOptions.NONE).space())
                .matches("web-shop-[0-9a-f]{8}")
                .isNotEqualTo(find(PlaceOptions.NONE).space());
    }

    @Test
    void clones_of_one_origin_share_a_space_however_they_reach_it() throws IOException {
        String space = spaceOfClone("https://bob:secret@Git.example.com/team/web-shop.git");

        assertThat(space).startsWith("web-shop-");
        for (String url : List.of(
                "git@git.example.com:team/web-shop.git",
                "ssh://git@git.example.com:22/team/web-shop",
                "https://git.example.com/team/web-shop/")) {
            assertThat(spaceOfClone(url)).isEqualTo(space);
        }
        assertThat(spaceOfClone("git@git.example.com:other/web-shop.git")).isNotEqualTo(space);
        assertThat(spaceOfClone("/srv/git/web-shop.git"))
                .startsWith("web-shop-")
                .isNotEqualTo(space);
    }

    private String spaceOfClone(String origin) throws IOException {
        Files.writeString(
                repository.resolve(".git/config"),
                "[core]\n\tbare = false\n[remote \"fork\"]\n\turl = x\n[remote \"origin\"]\n\turl = " + origin
                        + "\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n");
        return find(PlaceOptions.NONE).space();
    }

    @Test
    void outside_git_the_directory_itself_is_the_root() {
        Place place = finder().find(home, PlaceOptions.NONE);

        assertThat(place.root()).isEqualTo(home);
        assertThat(place.space()).isEqualTo("default");
    }

    @Test
    void a_broken_file_is_named() throws IOException {
        Files.writeString(repository.resolve(".git/agentcoord.json"), "{");

        assertThatThrownBy(() -> find(PlaceOptions.NONE))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("agentcoord.json");
    }

    private Place find(PlaceOptions options) {
        return finder().find(repository.resolve("src"), options);
    }

    private PlaceFinder finder() {
        return new PlaceFinder(environment, home.resolve("etc.json"));
    }

    private StoreUri store(String name) {
        return StoreUri.directory(home.resolve(name));
    }

    private PlaceOptions options(String store, String project) {
        return new PlaceOptions(Optional.of(store(store).toString()), Optional.of(project));
    }

    private String json(String store, String project) {
        return "{\"store\":\"" + store(store) + "\",\"project\":\"" + project + "\"}";
    }
}
