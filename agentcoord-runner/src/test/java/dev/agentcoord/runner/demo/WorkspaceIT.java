package dev.agentcoord.runner.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceIT {
    @TempDir
    private Path elsewhere;

    @Test
    void closing_ends_its_processes_and_removes_its_files_but_follows_no_link() throws IOException {
        Path outside = Files.writeString(elsewhere.resolve("precious"), "keep me");
        Workspace workspace = Workspace.create(false);
        Process process = new Commands(workspace.directory()).start(workspace.directory(), List.of("sleep", "60"));
        Files.createSymbolicLink(workspace.directory().resolve("link"), elsewhere);

        workspace.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(workspace.directory()).doesNotExist();
        assertThat(outside).exists();
    }

    @Test
    void a_workspace_to_be_kept_keeps_its_files_but_no_process() throws IOException {
        Workspace workspace = Workspace.create(true);
        Process process = new Commands(workspace.directory()).start(workspace.directory(), List.of("sleep", "60"));

        workspace.close();

        assertThat(process.isAlive()).isFalse();
        assertThat(workspace.directory()).exists();
        workspace.delete();
    }

    @Test
    void nobody_else_can_look_into_it() throws IOException {
        try (Workspace workspace = Workspace.create(false)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(workspace.directory())))
                    .isEqualTo("rwx------");
        }
    }
}
