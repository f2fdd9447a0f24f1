package dev.agentcoord.runner.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A checkout with the real launcher, but with scripts in place of the JDK, tmux, nc and the Maven wrapper. */
final class StandInHome {

    /** All that the launcher calls, so that nothing else on this machine can help it. */
    private static final List<String> TOOLS = List.of(
            "cat",
            "cp",
            "date",
            "env",
            "find",
            "flock",
            "grep",
            "head",
            "id",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "sed",
            "sleep");

    private static final String RUNNER = "agentcoord-runner";

    private final Path directory;

    /** Creates it in {@code directory}, which must not exist. */
    StandInHome(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve(".mvn"));
        Files.createDirectories(source().getParent());
        Files.writeString(directory.resolve("pom.xml"), "<project/>");
        Files.writeString(directory.resolve(RUNNER + "/pom.xml"), "<project/>");
        Files.writeString(source(), "class Main {}");
        Files.copy(Launcher.ofThisRepository(), launcher());
        for (String tool : TOOLS) {
            Script.offer(directory.resolve("bin"), tool);
        }
        setTmuxVersion("3.3a");
        script("bin/nc", "echo 'usage: nc [-46NU]'");
        script("mvnw", """
                echo build >>builds
                if [ -e broken ]; then echo '[ERROR] broken'; exit 1; fi
                lib=agentcoord-runner/target/quick/dist/lib
                mkdir -p $lib && echo jar >$lib/runner.jar""");
        createJdk("jdk");
    }

    Path launcher() {
        return directory.resolve("agentcoord");
    }

    Path source() {
        return directory.resolve(RUNNER + "/src/main/java/Main.java");
    }

    /** Creates a JDK 17 whose {@code java} prints its arguments, or waits for input if the last is {@code hold}. */
    Path createJdk(String name) throws IOException {
        script(name + "/bin/javac", "exit 1");
        script(name + "/bin/java", """
                case $1 in -version) echo 'openjdk version "17.0.1"'; exit ;; esac
                printf '%s\\n' "$@"
                for last; do :; done
                case $last in hold) read -r _ ;; fail) exit 7 ;; esac""");
        return directory.resolve(name);
    }

    void setTmuxVersion(String version) throws IOException {
        script("bin/tmux", "echo 'tmux " + version + "'");
    }

    void removeTool(String name) throws IOException {
        Files.delete(directory.resolve("bin").resolve(name));
    }

    void breakTheBuild() throws IOException {
        Files.createFile(directory.resolve("broken"));
    }

    Map<String, String> environment() {
        return environment(directory.resolve("jdk"));
    }

    Map<String, String> environment(Path jdk) {
        return Map.of(
                "PATH", directory.resolve("bin").toString(),
                "JAVA_HOME", jdk.toString(),
                "AGENTCOORD_INSTALL", "never");
    }

    /** How often Maven was called. */
    int builds() throws IOException {
        try {
            return Files.readAllLines(directory.resolve("builds")).size();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    /** The directories of the builds that are kept. */
    List<Path> keptBuilds() throws IOException {
        try (Stream<Path> entries = Files.list(directory.resolve(".agentcoord/launcher/" + RUNNER))) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    private void script(String name, String body) throws IOException {
        Script.write(directory.resolve(name), body);
    }
}
