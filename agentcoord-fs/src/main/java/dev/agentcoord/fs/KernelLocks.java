package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code /proc/locks}: who holds the kernel lock on a file. */
final class KernelLocks {
    private static final Path TABLE = Path.of("/proc/locks");

    private KernelLocks() {}

    /** The pid that holds a POSIX lock on the file, as this pid namespace sees it; empty when unknown. For messages only. */
    static Optional<Long> holderOf(Path file) {
        try (Stream<String> lines = Files.lines(TABLE)) {
            Object inode = Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
            return holder(lines, (Long) inode);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A line reads {@code 1: POSIX  ADVISORY  WRITE 4711 fe:00:1234 0 EOF}; one that waits has {@code ->} after the number. */
    static Optional<Long> holder(Stream<String> lines, long inode) {
        return lines.map(line -> line.trim().split("\\s+"))
                .filter(f -> f.length > 5 && f[1].equals("POSIX") && f[5].endsWith(":" + inode))
                .map(f -> Long.parseLong(f[4]))
                .filter(pid -> pid > 0)
                .findFirst();
    }
}
