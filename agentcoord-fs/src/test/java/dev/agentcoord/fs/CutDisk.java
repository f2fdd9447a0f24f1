package dev.agentcoord.fs;

import static org.awaitility.Awaitility.await;

import dev.agentcoord.testkit.OsUsers;
import dev.agentcoord.testkit.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A file system whose power can be cut: it lives in an image on an xfs that clones files in no time, so that a clone shows what the disk
 * held at one moment, without anything the file system still had in memory. Needs root. Not thread-safe.
 */
final class CutDisk implements AutoCloseable {
    private static final String SIZE = "400M";
    private static final String ROOM = "6G";

    private final Path outer;
    private final Path disk;
    private final String kind;

    private CutDisk(Path outer, Path disk, String kind) {
        this.outer = outer;
        this.disk = disk;
        this.kind = kind;
    }

    static void require() {
        Requirement.root();
        Requirement.command("mkfs.xfs", "sudo apt-get install xfsprogs");
        Requirement.command("mkfs.btrfs", "sudo apt-get install btrfs-progs");
        Requirement.command("mkfs.ext4", "sudo apt-get install e2fsprogs");
    }

    /** A fresh file system of that kind, mounted nowhere yet. */
    static CutDisk make(Path dir, String kind) throws IOException, InterruptedException {
        Path outer = Files.createDirectory(dir.resolve("outer"));
        Path image = dir.resolve("outer.img");
        OsUsers.must("truncate", "--size", ROOM, image.toString());
        OsUsers.must("mkfs.xfs", "-q", "-m", "reflink=1", image.toString());
        OsUsers.must("mount", "-o", "loop", image.toString(), outer.toString());
        CutDisk made = new CutDisk(outer, Files.createDirectory(dir.resolve("disk")), kind);
        String blank = made.blank().toString();
        OsUsers.must("truncate", "--size", SIZE, blank);
        OsUsers.must("mkfs." + kind, kind.equals("ext4") ? "-q" : "-f", blank);
        return made;
    }

    /** Puts in a blank disk and returns where it is mounted. */
    Path insert() throws IOException, InterruptedException {
        cloneOf(blank(), live());
        OsUsers.must("mount", "-o", options(), live().toString(), disk.toString());
        return disk;
    }

    /** Cuts the power: what the disk holds at this moment is all that stays. */
    void cut() throws IOException, InterruptedException {
        cloneOf(live(), left());
    }

    void eject() throws IOException, InterruptedException {
        OsUsers.must("umount", disk.toString());
        Files.delete(live());
    }

    /** The beginning of a command that runs in the boot after the cut, where what is left is mounted. */
    List<String> afterwards(Path bootId) {
        String script = "mount --bind \"$1\" /proc/sys/kernel/random/boot_id && mount -o \"$2\" \"$3\" \"$4\""
                + " && shift 4 && exec \"$@\"";
        return List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                script,
                "sh",
                bootId.toString(),
                options(),
                left().toString(),
                disk.toString());
    }

    /** All disks are copies of one, and whoever began a mount namespace keeps an earlier one a little longer. */
    private String options() {
        return kind.equals("xfs") ? "loop,nouuid" : "loop";
    }

    private Path blank() {
        return outer.resolve("blank.img");
    }

    private Path live() {
        return outer.resolve("live.img");
    }

    private Path left() {
        return outer.resolve("left.img");
    }

    private static void cloneOf(Path from, Path to) throws IOException, InterruptedException {
        OsUsers.must("cp", "--reflink=always", from.toString(), to.toString());
    }

    /** A process of another test that began a mount namespace meanwhile has all this in it, and keeps it busy until it ends. */
    @Override
    public void close() {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    OsUsers.must("umount", "-R", outer.toString());
                    return true;
                });
    }
}
