package dev.agentcoord.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.core.path.Glob;
import dev.agentcoord.core.path.PathName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PathResolverIT {
    @TempDir
    private Path outside;

    private Path root;
    private PathResolver resolver;

    @BeforeEach
    void makeRepository() throws IOException {
        root = Files.createDirectories(outside.resolve("repo"));
        Files.createDirectories(root.resolve("src/api"));
        Files.writeString(root.resolve("src/api/User.java"), "class User {}");
        resolver = PathResolver.at(root);
    }

    @Test
    void spellingsOfOneFileAreOneNameFromAnyDirectory() {
        PathName user = PathName.of("src/api/User.java");
        assertThat(resolver.resolve(root, "src/api/User.java")).isEqualTo(user);
        assertThat(resolver.resolve(root.resolve("src"), "./api//User.java")).isEqualTo(user);
        assertThat(resolver.resolve(root.resolve("src/api"), "../../src/api/User.java"))
                .isEqualTo(user);
        assertThat(resolver.resolve(outside, "repo/src/api/User.java")).isEqualTo(user);
        assertThat(resolver.resolve(outside, root.resolve("src/api/User.java").toString()))
                .isEqualTo(user);
        assertThat(resolver.resolve(root, ".")).isEqualTo(PathName.root());
        assertThat(resolver.resolve(root.resolve("src"), root + "/src/..")).isEqualTo(PathName.root());
    }

    @Test
    void whatDoesNotExistYetIsTakenByItsText() {
        assertThat(resolver.resolve(root, "src/new/../gen/a/B.java")).isEqualTo(PathName.of("src/gen/a/B.java"));
        assertThat(resolver.resolve(root, "no/../src/api/../x")).isEqualTo(PathName.of("src/x"));
        assertThat(resolver.resolve(root, "src/api/User.java/x")).isEqualTo(PathName.of("src/api/User.java/x"));
    }

    @Test
    void linksOfTheExistingPartAreFollowed() throws IOException {
        link("lib", Path.of("src"));
        link("src/api/Alias.java", Path.of("User.java"));
        link("abs", root.resolve("src/api"));
        assertThat(resolver.resolve(root, "lib/api/User.java")).isEqualTo(PathName.of("src/api/User.java"));
        assertThat(resolver.resolve(root, "lib/api/Alias.java")).isEqualTo(PathName.of("src/api/User.java"));
        assertThat(resolver.resolve(root, "abs/New.java")).isEqualTo(PathName.of("src/api/New.java"));
        assertThat(resolver.resolve(root.resolve("lib"), "new/x")).isEqualTo(PathName.of("src/new/x"));
    }

    @Test
    void dotsBehindALinkClimbFromItsTargetAsTheKernelDoes() throws IOException {
        link("deep", Path.of("src/api"));
        assertThat(resolver.resolve(root, "deep/../x")).isEqualTo(PathName.of("src/x"));
        assertThat(resolver.resolve(outside, root + "/deep/../x")).isEqualTo(PathName.of("src/x"));
    }

    @Test
    void aDanglingLinkNamesTheFileThatWritingToItWouldMake() throws IOException {
        link("next", Path.of("src/gen/Out.java"));
        assertThat(resolver.resolve(root, "next")).isEqualTo(PathName.of("src/gen/Out.java"));
    }

    @Test
    void aRootReachedThroughALinkIsTheSameRepository() throws IOException {
        Path alias = Files.createSymbolicLink(outside.resolve("alias"), root);
        assertThat(PathResolver.at(alias).resolve(alias, "src/x")).isEqualTo(PathName.of("src/x"));
        assertThat(PathResolver.at(alias).resolve(root, "src/x")).isEqualTo(PathName.of("src/x"));
        assertThat(resolver.resolve(outside, alias + "/src/x")).isEqualTo(PathName.of("src/x"));
    }

    @Test
    void whateverLeadsOutOfTheRootIsRefused() throws IOException {
        Files.createDirectories(outside.resolve("repo-2"));
        link("etc", Path.of("/etc"));
        link("up", Path.of("../repo-2"));
        link("chain", Path.of("up/x"));
        for (String escape :
                List.of("..", "../repo-2/x", "/etc/passwd", "/", "etc/passwd", "up", "up/new", "chain", "a/../../b")) {
            assertRefused(escape, "leads outside");
        }
        assertThat(resolver.resolve(root, "up/../repo/src")).isEqualTo(PathName.of("src"));
    }

    @Test
    void loopsOfLinksAreRefused() throws IOException {
        link("self", Path.of("self"));
        link("ping", Path.of("pong"));
        link("pong", Path.of("ping"));
        link("src/down", Path.of("down/x"));
        for (String loop : List.of("self", "self/x", "ping/a/b", "src/down", "src/down/../y")) {
            assertRefused(loop, "loop of symbolic links");
        }
    }

    @Test
    void fortyLinksAreFollowedAndNoMore() throws IOException {
        Files.createDirectory(root.resolve("l0"));
        for (int i = 1; i <= 41; i++) {
            link("l" + i, Path.of("l" + (i - 1)));
        }
        assertThat(resolver.resolve(root, "l40/x")).isEqualTo(PathName.of("l0/x"));
        assertRefused("l41/x", "loop of symbolic links");
    }

    @Test
    void deepTreesResolveUpToTheLimitOfPaths() throws IOException {
        String deep = "d/".repeat(500);
        Files.createDirectories(root.resolve(deep));
        assertThat(resolver.resolve(root, deep + "new/x").segments()).hasSize(502);
        assertRefused("d/".repeat(2100), "4096 bytes");
    }

    @Test
    void composedAndDecomposedNamesOnDiskAreOneName() throws IOException {
        Files.createDirectory(root.resolve("cafe\u0301"));
        link("re\u0301sume\u0301", Path.of("src"));
        assertThat(resolver.resolve(root, "caf\u00e9/x")).isEqualTo(resolver.resolve(root, "cafe\u0301/x"));
        assertThat(resolver.resolve(root, "r\u00e9sum\u00e9/x")).isEqualTo(PathName.of("src/x"));
    }

    @Test
    void hostileSpellingsNeverReachTheFileSystem() {
        assertRefused("", "is empty");
        assertRefused("a\0b", "control character");
        assertRefused("/tmp/a\nb", "control character");
        assertRefused("src\\api", "backslash");
        assertRefused("C:\\repo\\x", "drive");
        assertRefused("C:/repo/x", "drive");
        assertRefused("x".repeat(256), "255 bytes");
    }

    @Test
    void patternsFollowLinksUpToTheirFirstWildcard() throws IOException {
        link("lib", Path.of("src"));
        assertThat(resolver.resolveGlob(root.resolve("src"), "api/*.java")).isEqualTo(Glob.of("src/api/*.java"));
        assertThat(resolver.resolveGlob(root.resolve("src/api"), "../../lib/**"))
                .isEqualTo(Glob.of("src/**"));
        assertThat(resolver.resolveGlob(outside, root + "/lib/a?i/{x,y}")).isEqualTo(Glob.of("src/a?i/{x,y}"));
        assertThat(resolver.resolveGlob(root.resolve("src"), "*")).isEqualTo(Glob.of("src/*"));
        assertThat(resolver.resolveGlob(root, "lib/api")).isEqualTo(Glob.of("src/api"));
        assertThat(resolver.resolveGlob(root, ".")).isEqualTo(Glob.of("."));
        assertThatThrownBy(() -> resolver.resolveGlob(root, "../*")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> resolver.resolveGlob(root, "*/../x")).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aRootThatIsNoDirectoryIsRefused() {
        assertThatThrownBy(() -> PathResolver.at(root.resolve("src/api/User.java")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("give the root of a repository");
    }

    @Test
    void aLocaleThatCannotSpellANameIsNamedWithItsRemedy() throws Exception {
        ProcessBuilder java = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ResolveUnicodeName.class.getName(),
                root.toString());
        java.environment().put("LC_ALL", "POSIX");
        Process process = java.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("InvalidRequestException").contains("LC_ALL=C.UTF-8");
    }

    /** Run in a process of another locale. */
    static final class ResolveUnicodeName {
        public static void main(String[] args) {
            Path root = Path.of(args[0]);
            try {
                System.out.println(PathResolver.at(root).resolve(root, "caf\u00e9"));
            } catch (InvalidRequestException refused) {
                System.out.println(refused);
            }
        }
    }

    private void link(String name, Path target) throws IOException {
        Files.createSymbolicLink(root.resolve(name), target);
    }

    private void assertRefused(String typed, String why) {
        assertThatThrownBy(() -> resolver.resolve(root, typed))
                .as("%s", typed)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why);
    }
}
