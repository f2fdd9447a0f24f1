package dev.agentcoord.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the cluster in a short form. */
final class ClusterIT {
    private static final String ROUNDS = "2";

    /** A short name, which leaves room for a socket's: there are only 107 bytes. */
    @TempDir(factory = ShortPaths.class)
    private Path dir;

    private final Path library = Path.of(System.getProperty("java.io.tmpdir"), "cluster-lib");

    /** All jars of this test's own class path in one directory, as an installation has them. */
    @BeforeEach
    void makeLibrary() throws IOException {
        Files.createDirectories(library);
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path jar = Path.of(entry);
            if (Files.isRegularFile(jar)) {
                Path link = library.resolve(jar.getFileName());
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, jar);
            }
        }
    }

    @Test
    void four_agents_on_two_hosts_lose_nothing_while_the_leader_is_killed_and_leave_nothing() throws Exception {
        Process cluster = command().start();
        String output;
        try (BufferedReader lines = cluster.inputReader()) {
            output = lines.lines().collect(Collectors.joining("\n"));
        }

        assertThat(cluster.waitFor()).as(output).isZero();
        assertThat(output)
                .contains("two hosts, north and south")
                .contains("three servers serve at ")
                .containsPattern("[4-7] of 8 pushed; the leader of the servers is killed now")
                .containsPattern("killed [0-9.:]+, [0-9.:]+ leads after [0-9.]+ s")
                .contains("8 of 8 pushed by 4 agents, none lost, none refused")
                .contains(
                        "alice on north handed Order.java over to dave on south, who asked for it; her note: half done")
                .contains("everything was cleaned up");
        assertNothingIsLeft();
    }

    @Test
    void ended_in_the_middle_it_leaves_nothing_either() throws Exception {
        ProcessBuilder command = command();
        command.environment().put("CLUSTER_PLAIN", "1");
        Process cluster = command.start();
        try (BufferedReader lines = cluster.inputReader()) {
            assertThat(lines.lines().anyMatch(line -> line.contains("the leader of the servers is killed now")))
                    .isTrue();
            cluster.toHandle().destroy(); // which leaves its output open

            assertThat(lines.lines()).anyMatch(line -> line.endsWith("everything was cleaned up"));
        }
        assertThat(cluster.waitFor()).isEqualTo(130);
        assertNothingIsLeft();
    }

    private ProcessBuilder command() {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("basedir"), "cluster", "run").toString(), ROUNDS)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("AGENTCOORD_"));
        builder.environment().put("AGENTCOORD_LIB", library.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TMPDIR", dir.toString());
        return builder;
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(dir)) {
            assertThat(left).isEmpty();
        }
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(library.toString())))
                .isEmpty();
    }
}
