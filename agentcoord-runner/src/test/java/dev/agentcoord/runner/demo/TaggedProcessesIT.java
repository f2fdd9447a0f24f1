package dev.agentcoord.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaggedProcessesIT {
    @TempDir
    private Path directory;

    private TaggedProcesses processes;

    @BeforeEach
    void makeProcesses() {
        processes = new TaggedProcesses(directory);
    }

    @AfterEach
    void endAll() {
        processes.killAll();
    }

    @Test
    void all_that_a_command_started_is_found_and_killed_though_its_parent_is_gone() throws IOException {
        new Commands(directory).start(directory, List.of("sh", "-c", "sleep 60 & sleep 61 & exit"));
        await().until(() -> processes.running("sleep").size() == 2);

        assertThat(processes.killAll()).isZero();
        assertThat(processes.living()).isEmpty();
    }

    @Test
    void processes_of_others_are_left_alone() throws IOException {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(processes.killAll()).isZero();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }
}
