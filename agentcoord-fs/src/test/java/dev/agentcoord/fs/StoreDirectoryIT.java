package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.StoreFormatException;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.spi.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreDirectoryIT {
    @TempDir
    private Path dir;

    private Path root;

    @BeforeEach
    void nameRoot() {
        root = dir.resolve("store");
    }

    @Test
    void directoriesAndFilesHaveExactlyTheirModes() throws IOException {
        open("web");
        assertThat(Disk.mode(root)).isEqualTo(03770);
        assertThat(Disk.mode(root.resolve("MANIFEST"))).isEqualTo(0640);
        assertThat(Disk.mode(root.resolve("web/order"))).isEqualTo(0660);
        for (String name : new String[] {"web", "web/sessions", "web/locks", "web/tmp"}) {
            assertThat(Disk.mode(root.resolve(name))).isEqualTo(03770);
        }
        for (String name : new String[] {"web/locks/tasks", "web/queues", "web/state"}) {
            assertThat(Disk.mode(root.resolve(name))).isEqualTo(02770);
        }
        assertThat(Disk.list(root)).containsExactlyInAnyOrder("MANIFEST", "web");
    }

    @Test
    void anUnknownFormatIsRefused() throws IOException {
        Files.createDirectory(root);
        Files.writeString(root.resolve("MANIFEST"), "{\"incarnation\":1,\"format\":9,\"requires\":2}\n");
        assertThatThrownBy(() -> open("web"))
                .isInstanceOf(StoreFormatException.class)
                .hasMessageContaining("needs format 2");
        assertThat(Disk.list(root)).containsExactly("MANIFEST");
    }

    @Test
    void aLaterFormatThatAsksForNoMoreThanThisOneIsJoined() throws IOException {
        Files.createDirectory(root);
        Files.writeString(root.resolve("MANIFEST"), "{\"incarnation\":7,\"format\":2,\"requires\":1,\"new\":{}}\n");
        assertThat(open("web").incarnation()).isEqualTo(7);
    }

    @Test
    void aStoreWhoseManifestIsGoneIsNotTakenForANewOne() throws IOException {
        open("web").close();
        byte[] manifest = Files.readAllBytes(root.resolve("MANIFEST"));
        Files.delete(root.resolve("MANIFEST"));

        for (String space : List.of("web", "new")) {
            assertThatThrownBy(() -> open(space))
                    .isInstanceOf(CorruptRecordException.class)
                    .hasMessageContaining("MANIFEST is gone, though there is the space 'web'");
        }
        assertThat(Disk.list(root)).containsExactly("web");
        Files.write(root.resolve("MANIFEST"), manifest);
        open("web").close();
    }

    @Test
    void aStoreThatEveryoneCanWriteIsRefused() throws IOException {
        Files.createDirectory(root);
        Disk.chmod(root, 0777);
        assertThatThrownBy(() -> open("web"))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("chmod o-rwx");
    }

    @Test
    void aDirectoryOfLocksThatIsNotStickyIsRefused() throws IOException {
        open("web");
        Layout bad = new Layout(root, "bad");
        StoreDirectory.openSpace(bad);
        Disk.chmod(bad.locks(), 02770);
        assertThatThrownBy(() -> open("bad")).hasMessageContaining("sticky");
    }

    @Test
    void aPlantedLinkIsNotFollowed() throws IOException {
        open("web");
        Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
        Files.createSymbolicLink(root.resolve("trap"), elsewhere);
        assertThatThrownBy(() -> open("trap")).isInstanceOf(StoreFormatException.class);
        assertThat(Disk.list(elsewhere)).isEmpty();
    }

    @Test
    void aNameThatIsNotASpaceNeverTouchesAPath() {
        for (String name : new String[] {"..", "a/b", "/etc", "A", "", "a\n"}) {
            assertThatThrownBy(() -> open(name)).isInstanceOf(InvalidRequestException.class);
        }
        assertThat(root).doesNotExist();
    }

    @Test
    void aFileInThePlaceOfTheStoreIsATypedError() throws IOException {
        Files.createFile(root);
        assertThatThrownBy(() -> open("web")).isInstanceOf(StoreFormatException.class);
    }

    private Backend open(String space) {
        return FsCoordinator.backend(root, space, FsOptions.defaults());
    }
}
