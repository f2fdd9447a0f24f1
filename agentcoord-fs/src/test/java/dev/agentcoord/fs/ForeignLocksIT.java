package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.agentcoord.testkit.Requirement;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code flock} and the locks of Java do not see each other, so nothing here may rest on that they do. */
final class ForeignLocksIT {
    @TempDir
    private Path dir;

    private Space space;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        Requirement.command("flock", "apt-get install util-linux");
        space = Space.open(dir.resolve("store"), "web", FsOptions.defaults());
    }

    @Test
    void aShellThatHoldsFlockOfTheOrderKeepsNobodyOutOfTheSection() throws IOException {
        Process shell = new ProcessBuilder(
                        "flock", space.layout().order().toString(), "sh", "-c", "echo held; read end")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = shell.inputReader(StandardCharsets.US_ASCII)) {
            assertThat(out.readLine()).isEqualTo("held");
            long change = assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> space.section().run(Turn::change));
            assertThat(change).isNotNegative();
            assertThat(shell.isAlive()).isTrue();
        } finally {
            shell.destroyForcibly();
        }
    }

    @Test
    void theSectionKeepsNoShellFromItsFlock() {
        Integer status = space.section().run(turn -> flockAtOnce());
        assertThat(status).isZero();
    }

    private int flockAtOnce() throws IOException {
        Process shell = new ProcessBuilder("flock", "-n", space.layout().order().toString(), "true").start();
        return shell.onExit().join().exitValue();
    }
}
