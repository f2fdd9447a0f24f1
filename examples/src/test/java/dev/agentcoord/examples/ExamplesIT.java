package dev.agentcoord.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs each example as its reader would: its own process, its output as documented. */
final class ExamplesIT {
    @TempDir
    private Path dir;

    @Test
    void lockFiles() throws Exception {
        assertThat(run(LockFiles.class))
                .contains("alice holds src/User.java, src/gen/, shared glob:**/*.proto")
                .contains("in the way: alice holds")
                .contains("(rename field)")
                .contains("bob's token is larger: true");
    }

    @Test
    void surviveLoss() throws Exception {
        assertThat(run(SurviveLoss.class))
                .contains("slow hears of it: STOLEN")
                .contains("slow stops: lost src/User.java (STOLEN by quick of user ")
                .contains("slow has been hanging since noon")
                .contains("written by quick")
                .contains("refused the late write of slow");
    }

    @Test
    void handOutTasks() throws Exception {
        assertThat(run(HandOutTasks.class))
                .contains("claimed: rename field")
                .contains("dead: solve the halting problem, proved impossible")
                .contains("done: 1");
    }

    @Test
    void handOffTask() throws Exception {
        assertThat(run(HandOffTask.class))
                .contains("carol gets in between: false")
                .contains("bob reads: tests are missing")
                .contains("bob holds [src/User.java, src/gen/]")
                .contains("bob's token is larger: true")
                .contains("alice is told: lost src/User.java (CLAIM_ENDED)")
                .contains("left when the task is done: 0");
    }

    @Test
    void shareState() throws Exception {
        assertThat(run(ShareState.class))
                .contains("alice overwrote bob: false", "build/status: red", "both written: true", "bob heard: true");
    }

    @Test
    void portLease() throws Exception {
        assertThat(run(PortLease.class))
                .contains("alice serves: true")
                .contains("bob has another: true")
                .contains("web is SERVED")
                .contains("web is IDLE")
                .contains("given although somebody listens: false")
                .contains("is not leased, pid ");
    }

    private String run(Class<?> example) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        example.getName(),
                        dir.resolve("store").toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
