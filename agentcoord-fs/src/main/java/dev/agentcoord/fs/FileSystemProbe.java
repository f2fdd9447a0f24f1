package dev.agentcoord.fs;

import dev.agentcoord.StoreFormatException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Refuses a file system on which a name could lie: only kinds known to be sound, and what is needed of them is tried as well. */
final class FileSystemProbe {
    private static final Set<String> SOUND = Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "overlay");

    private FileSystemProbe() {}

    /** Tries the store's directory; throws {@link StoreFormatException} with the reason. */
    static void check(Path root, boolean anyKind) throws IOException {
        String kind = FileSystemKind.of(root);
        if (!anyKind && !SOUND.contains(kind)) {
            throw new StoreFormatException(
                    root,
                    root + " is on " + kind + ", where locks are not known to be safe; use ext4, xfs, btrfs or tmpfs, "
                            + "or a ZooKeeper store");
        }
        Path dir = Layout.temporary(root);
        Disk.mkdir(dir, 0700);
        try {
            String missing = missing(dir);
            if (missing != null) {
                throw new StoreFormatException(root, root + " (" + kind + ") lacks " + missing + "; use another disk");
            }
        } finally {
            Leftovers.remove(dir);
        }
    }

    private static @Nullable String missing(Path dir) throws IOException {
        Path a = dir.resolve("a");
        Path b = dir.resolve("b");
        Disk.create(a, new byte[] {1}, Layout.RECORD);
        if (!refusesSecond(() -> Disk.create(a, new byte[0], Layout.RECORD))) {
            return "exclusive create";
        }
        Files.createLink(b, a);
        Object identity = Disk.identity(a);
        if (identity == null || !identity.equals(Disk.identity(b)) || !refusesSecond(() -> Files.createLink(b, a))) {
            return "hard links";
        }
        Files.move(b, dir.resolve("c"), StandardCopyOption.ATOMIC_MOVE);
        if (Disk.identity(b) != null || !identity.equals(Disk.identity(dir.resolve("c")))) {
            return "atomic rename";
        }
        return locks(a) ? null : "kernel locks";
    }

    private static boolean locks(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        }
    }

    /** Something that must fail because a name is taken. */
    private interface Attempt {
        void run() throws IOException;
    }

    private static boolean refusesSecond(Attempt attempt) throws IOException {
        try {
            attempt.run();
            return false;
        } catch (FileAlreadyExistsException e) {
            return true;
        }
    }
}
