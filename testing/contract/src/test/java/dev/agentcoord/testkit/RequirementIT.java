package dev.agentcoord.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RequirementIT {

    @TempDir
    Path directory;

    @Test
    void finds_an_executable_in_any_directory_of_the_path() throws IOException {
        executable("tool");

        assertThat(Requirement.isOnPath("tool", "/nowhere" + File.pathSeparator + directory))
                .isTrue();
        assertThat(Requirement.isOnPath("other", directory.toString())).isFalse();
    }

    @Test
    void takes_neither_a_directory_nor_a_plain_file_for_a_command() throws IOException {
        Files.createDirectory(directory.resolve("folder"));
        Files.createFile(
                directory.resolve("text"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));

        assertThat(Requirement.isOnPath("folder", directory.toString())).isFalse();
        assertThat(Requirement.isOnPath("text", directory.toString())).isFalse();
    }

    @Test
    void finds_the_shell_of_this_machine() {
        assertThatCode(() -> Requirement.command("sh", "apt-get install dash")).doesNotThrowAnyException();
    }

    @Test
    void tells_a_socket_that_answers_from_one_whose_server_is_gone() throws IOException {
        Path socket = Path.of("/tmp", "agentcoord-" + ProcessHandle.current().pid() + ".sock");
        try {
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(socket));
                assertThat(Requirement.answers(socket)).isTrue();
            }
            assertThat(Requirement.answers(socket)).isFalse();
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    private void executable(String name) throws IOException {
        Files.createFile(
                directory.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
}
