package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.Participant;
import dev.agentcoord.StoreUnavailableException;
import dev.agentcoord.core.lock.Verdict;
import dev.agentcoord.spi.Backend;
import dev.agentcoord.spi.Placement;
import dev.agentcoord.spi.StoreSession;
import dev.agentcoord.spi.TicketDraft;
import dev.agentcoord.testkit.OsUsers;
import dev.agentcoord.testkit.Requirement;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk without room: every refusal is typed, nothing is half done, and all is well once there is room again. */
final class FullDiskIT {
    @TempDir
    private Path disk;

    private boolean mounted;

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            OsUsers.must("umount", "-l", disk.toString());
        }
    }

    @Test
    void withoutInodesNobodyJoinsUntilThereAreSome() throws IOException, InterruptedException {
        mount("size=4m,nr_inodes=40");
        Backend backend = open();
        int made = 0;
        try {
            for (; made < 100; made++) {
                Files.createFile(disk.resolve("filler-" + made));
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space");
        }
        assertThat(made).isBetween(1, 99);
        assertThatThrownBy(() -> join(backend))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("free space or inodes");
        assertThat(backend.sessions()).isEmpty();
        for (int i = 0; i < made; i++) {
            Files.delete(disk.resolve("filler-" + i));
        }
        locksAndUnlocks(join(backend));
        backend.close();
        assertThat(Disk.list(disk.resolve("web/sessions"))).isEmpty();
        assertThat(Disk.list(disk.resolve("web/tmp"))).isEmpty();
    }

    @Test
    void withoutSpaceWhatNeedsSomeIsRefusedAndTheRestGoesOn() throws IOException, InterruptedException {
        mount("size=1m");
        Backend backend = open();
        StoreSession session = join(backend);
        fill();
        List<String> before = Survivors.names(disk);
        assertThatThrownBy(() -> join(backend))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("free space or inodes");
        assertThatThrownBy(() -> session.tickets().place(new TicketDraft(Victim.manyFiles("b"), 1, () -> {}), true))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("free space or inodes");
        locksAndUnlocks(session);
        assertThat(Survivors.names(disk)).containsExactlyInAnyOrderElementsOf(before);
        Files.delete(disk.resolve("filler"));
        assertThat(session.tickets()
                        .place(new TicketDraft(Victim.manyFiles("b"), 2, () -> {}), true)
                        .verdict())
                .isInstanceOf(Verdict.Granted.class);
        locksAndUnlocks(join(backend));
        backend.close();
        assertThat(Disk.list(disk.resolve("web/locks"))).containsExactly("tasks");
        assertThat(Disk.list(disk.resolve("web/sessions"))).isEmpty();
        assertThat(Disk.list(disk.resolve("web/tmp"))).isEmpty();
    }

    private void fill() throws IOException {
        try (FileOutputStream filler =
                new FileOutputStream(disk.resolve("filler").toFile())) {
            for (int i = 0; i < 1 << 20; i++) {
                filler.write(new byte[1024]);
            }
            throw new AssertionError("the disk does not get full");
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space");
        }
    }

    private void mount(String options) throws IOException, InterruptedException {
        Requirement.root();
        OsUsers.must("mount", "-t", "tmpfs", "-o", "mode=0700," + options, "agentcoord-test", disk.toString());
        mounted = true;
    }

    private Backend open() {
        return FsCoordinator.backend(disk, "web", FsOptions.defaults());
    }

    private static StoreSession join(Backend backend) {
        return backend.join(Participant.named("here"), new Peer.Silent());
    }

    private static void locksAndUnlocks(StoreSession session) {
        Placement placed = session.tickets().place(new TicketDraft(Peer.wants("a"), 0, () -> {}), true);
        assertThat(placed.verdict()).isInstanceOf(Verdict.Granted.class);
        assertThat(session.tickets().remove(placed.ticket())).isTrue();
    }
}
