package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.StoreFormatException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileSystemKindIT {
    @TempDir
    private Path dir;

    @Test
    void theKernelAndTheMountTableAgree() throws IOException {
        assertThat(FileSystemKind.asked(dir)).isEqualTo(FileSystemKind.of(dir));
        Path memory = Path.of("/dev/shm");
        assertThat(FileSystemKind.asked(memory)).isEqualTo(FileSystemKind.of(memory));
    }

    @Test
    void whatCannotBeAskedIsUnknown() throws IOException {
        assertThat(FileSystemKind.asked(dir.resolve("nowhere"))).isEqualTo("unknown");
    }

    @Test
    void aFileSystemThatIsNotKnownToBeSafeIsRefusedByName() {
        assertThatThrownBy(() -> FileSystemProbe.check(Path.of("/proc"), false))
                .isInstanceOf(StoreFormatException.class)
                .hasMessageContaining("is on proc");
    }
}
