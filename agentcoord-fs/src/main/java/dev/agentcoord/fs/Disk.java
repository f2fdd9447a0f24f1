package dev.agentcoord.fs;

import dev.agentcoord.StoreUnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** File operations that Java offers only roundabout, never through a symbolic link. Each is as few system calls as there can be. */
final class Disk {
    private static final String MODE = "unix:mode";
    private static final String UID = "unix:uid";
    private static final int PERMISSION_BITS = 07777;

    private static final FileAttribute<?> PRIVATE_FILE = modes("rw-------");
    private static final FileAttribute<?> PRIVATE_DIR = modes("rwx------");

    private Disk() {}

    private static FileAttribute<?> modes(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    /** Makes a new file of exactly that mode, whatever the umask; by means that an interrupt of the caller does not close. */
    static void create(Path file, byte[] content, int mode) throws IOException {
        createEmpty(file, mode);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(content);
        }
    }

    /** Makes a new empty file of exactly that mode; nobody else can open it before it has that. */
    static void createEmpty(Path file, int mode) throws IOException {
        Files.createFile(file, PRIVATE_FILE);
        chmod(file, mode);
    }

    /** Makes a new directory of exactly that mode, set-group-id and sticky bits included. */
    static void mkdir(Path dir, int mode) throws IOException {
        Files.createDirectory(dir, PRIVATE_DIR);
        chmod(dir, mode);
    }

    static void chmod(Path path, int mode) throws IOException {
        Files.setAttribute(path, MODE, mode);
    }

    static int mode(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, MODE, LinkOption.NOFOLLOW_LINKS) & PERMISSION_BITS;
    }

    static int uid(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, UID, LinkOption.NOFOLLOW_LINKS);
    }

    /** Device and inode of what the path names now, a link itself if it is one; null when nothing is there. */
    static @Nullable Object identity(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** One unlink; false when the name was not there. {@code Files.delete} would look at the file first. */
    static boolean unlink(Path path) throws IOException {
        if (path.toFile().delete()) {
            return true;
        }
        if (identity(path) == null) {
            return false;
        }
        Files.delete(path);
        return true;
    }

    /** The names in a directory, in no order. */
    static String[] list(Path dir) throws IOException {
        String[] names = dir.toFile().list();
        if (names == null) {
            throw Files.isDirectory(dir, LinkOption.NOFOLLOW_LINKS)
                    ? new AccessDeniedException(dir.toString(), null, "cannot be listed")
                    : new NoSuchFileException(dir.toString());
        }
        return names;
    }

    /** Puts names made or removed in a directory onto the disk. */
    static void sync(Path dir) throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes a directory and what is in it; links are removed, not followed. */
    static void deleteTree(File dir) throws IOException {
        File[] inside = Files.isSymbolicLink(dir.toPath()) ? null : dir.listFiles();
        if (inside != null) {
            for (File file : inside) {
                deleteTree(file);
            }
        }
        Files.deleteIfExists(dir.toPath());
    }

    /** The typed error for a failed operation, saying what to do next. */
    static StoreUnavailableException unavailable(Path store, IOException cause) {
        String what = cause instanceof FileSystemException f && f.getReason() == null
                ? cause.getClass().getSimpleName() + ": " + cause.getMessage()
                : String.valueOf(cause.getMessage());
        return new StoreUnavailableException(
                store, "the store at " + store + " failed: " + what + "; " + remedy(cause, what), cause);
    }

    private static String remedy(IOException cause, String what) {
        String text = what.toLowerCase(Locale.ROOT);
        if (cause instanceof AccessDeniedException || text.contains("permission")) {
            return "join the group that owns the store, or choose another";
        }
        if (text.contains("no space") || text.contains("quota")) {
            return "free space or inodes there; nothing was half done";
        }
        if (text.contains("read-only")) {
            return "mount it writable, or choose another store";
        }
        if (text.contains("too many open")) {
            return "raise the limit on open files (ulimit -n)";
        }
        return "check the disk, then try again";
    }
}
