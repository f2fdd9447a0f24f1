package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The kind of file system a path is on, by the name its mount has. In a chroot the mount table does not show what the root is on, and
 * Java knows no other way; there {@code stat -f}, which asks the kernel with statfs(2), is started once.
 */
final class FileSystemKind {
    private FileSystemKind() {}

    static String of(Path path) throws IOException {
        try {
            return Files.getFileStore(path).type();
        } catch (IOException e) {
            return asked(path);
        }
    }

    /** As {@code stat} names it, where that is not the mount's name; {@code unknown} where it cannot be asked. */
    static String asked(Path path) throws IOException {
        Process stat = new ProcessBuilder("stat", "-f", "-c", "%T", "--", path.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        stat.getOutputStream().close();
        String name = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return switch (name) {
            case "" -> "unknown";
            case "ext2/ext3" -> "ext4"; // All three share one number.
            case "overlayfs" -> "overlay";
            default -> name;
        };
    }
}
