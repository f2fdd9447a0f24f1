package dev.agentcoord.fs;

import dev.agentcoord.StoreUnavailableException;
import java.io.File;
import java.io.IOException;
import java.io.SyncFailedException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** File operations that Java offers only roundabout, never through a symbolic link. Each is as few system calls as there can be. */
final class Disk {
    private static final String MODE = "unix:mode";
    private static final String UID = "unix:uid";
    private static final String LINKS = "unix:nlink";
    private static final int PERMISSION_BITS = 07777;

    private static final String LETTERS = "rwxrwxrwx";
    /** Java keeps a buffer for each thread that is as large as the largest write. */
    private static final int CHUNK = 64 * 1024;

    private static final int UMASK = umask();
    private static final Map<Integer, FileAttribute<?>> MODES = new ConcurrentHashMap<>();
    private static final Set<OpenOption> NEW_FILE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<?> PRIVATE_DIR = modes("rwx------");
    /** The exit code of what was ended by a signal is larger. */
    private static final int SIGNALLED = 128;

    private static final String SYNC = Stream.of("/usr/bin/sync", "/bin/sync")
            .filter(file -> Files.isExecutable(Path.of(file)))
            .findFirst()
            .orElse("sync");

    private Disk() {}

    private static FileAttribute<?> modes(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    /** Makes a new file of exactly that mode, whatever the umask, and leaves nothing where that fails. */
    static void create(Path file, byte[] content, int mode) throws IOException {
        create(file, content, mode, false);
    }

    /** The same, and waits until the content is on the disk if told to. An interrupt that closes the file makes it begin anew. */
    static void create(Path file, byte[] content, int mode, boolean synced) throws IOException {
        Calls.uninterrupted(() -> {
            try (FileChannel out = make(file, mode)) {
                fill(out, content);
                if (synced) {
                    force(() -> out.force(true));
                }
                return true;
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (IOException e) {
                discard(file);
                throw e;
            }
        });
    }

    /** Puts a new file of mode 0640 in the place of whatever file is there, by way of a draft in the same file system. */
    static void replace(Path target, byte[] content, Path draft) throws IOException {
        create(draft, content, Layout.RECORD);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Makes a new empty file of exactly that mode; nobody can open it who may not once it has that. */
    static void createEmpty(Path file, int mode) throws IOException {
        create(file, new byte[0], mode);
    }

    private static FileChannel make(Path file, int mode) throws IOException {
        FileChannel made = FileChannel.open(file, NEW_FILE, modes(mode));
        try {
            if ((mode & UMASK) != 0) {
                chmod(file, mode);
            }
            return made;
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    private static FileAttribute<?> modes(int mode) {
        return MODES.computeIfAbsent(mode, bits -> {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < LETTERS.length(); i++) {
                int bit = 1 << (LETTERS.length() - 1 - i);
                text.append((bits & bit) == 0 ? '-' : LETTERS.charAt(i));
            }
            return modes(text.toString());
        });
    }

    /** What the system takes from the mode of each new file of this process; all of it where it does not say. */
    private static int umask() {
        String field = "Umask:";
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.startsWith(field))
                    .map(line -> Integer.parseInt(line.substring(field.length()).strip(), 8))
                    .findFirst()
                    .orElse(PERMISSION_BITS);
        } catch (IOException | UncheckedIOException e) {
            return PERMISSION_BITS;
        }
    }

    private static void fill(FileChannel out, byte[] content) throws IOException {
        for (int at = 0; at < content.length; ) {
            at += out.write(ByteBuffer.wrap(content, at, Math.min(CHUNK, content.length - at)));
        }
    }

    /** Makes a new directory of exactly that mode, set-group-id and sticky bits included. */
    static void mkdir(Path dir, int mode) throws IOException {
        Files.createDirectory(dir, PRIVATE_DIR);
        chmod(dir, mode);
    }

    /** Makes a directory of that mode unless something is there already, perhaps of somebody who made it in the same moment. */
    static void ensureDirectory(Path dir, int mode) throws IOException {
        if (identity(dir) == null) {
            try {
                mkdir(dir, mode);
            } catch (FileAlreadyExistsException e) {
                // Somebody else's is as good.
                return;
            }
        }
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

    /** How many names a file has. */
    static int links(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, LINKS, LinkOption.NOFOLLOW_LINKS);
    }

    /** The name of the user a file belongs to; the number where the system knows no name, or cannot find it at the moment. */
    static String owner(Path path) throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
    }

    /** Whether what {@link #owner} says is only the user's number. */
    static boolean isNameless(String owner) {
        return owner.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Whether the name is there, whatever it names. The exact look, which tells a failed disk from a no, costs an exception: it comes second. */
    static boolean isThere(Path path) throws IOException {
        return path.toFile().exists() || identity(path) != null;
    }

    /** Device and inode of what the path names now, a link itself if it is one; null when nothing is there. */
    static @Nullable Object identity(Path path) throws IOException {
        BasicFileAttributes found = look(path);
        return found == null ? null : found.fileKey();
    }

    /** Whether it is a directory, and no link to one. Unlike {@code Files.isDirectory} it does not take a failed look for a no. */
    static boolean isDirectory(Path path) throws IOException {
        BasicFileAttributes found = look(path);
        return found != null && found.isDirectory();
    }

    /** Whether it is a plain file, and no link to one; as {@link #isDirectory}. */
    static boolean isFile(Path path) throws IOException {
        BasicFileAttributes found = look(path);
        return found != null && found.isRegularFile();
    }

    private static @Nullable BasicFileAttributes look(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
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

    /** Removes a temporary name, if that can be done: whatever was to be achieved is achieved, or has failed for another reason. */
    static void discard(Path path) {
        try {
            unlink(path);
        } catch (IOException e) {
            // Its session's end removes it, or whoever opens the store once its maker is gone.
            return;
        }
    }

    /** Removes a directory unless something is in it; tells whether it is gone. */
    static boolean removeIfEmpty(Path dir) throws IOException {
        try {
            Files.deleteIfExists(dir);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    /** The names in a directory, in no order. {@code File.list} would take a failed read for the end of the directory. */
    @SuppressWarnings("StreamResourceLeak") // It is closed by hand, below.
    static String[] list(Path dir) throws IOException {
        List<String> names = new ArrayList<>();
        DirectoryStream<Path> entries = Files.newDirectoryStream(dir);
        try {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } finally {
            close(entries);
        }
        return names.toArray(String[]::new);
    }

    /** The same; none where there is no such directory. */
    static List<String> listIfThere(Path dir) throws IOException {
        try {
            return List.of(list(dir));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static void close(DirectoryStream<Path> entries) {
        try {
            entries.close();
        } catch (Exception e) {
            // All was read. What the JDK throws here may be of a type it does not declare.
            return;
        }
    }

    /**
     * Puts names made or removed in a directory onto the disk, or the content of a file. An interrupt that met a {@code FileChannel} here
     * would close it, and whether the sync had failed could not be asked again; this channel knows of no interrupts.
     */
    static void sync(Path path) throws IOException {
        boolean names = path.toFile().isDirectory();
        try (AsynchronousFileChannel channel = AsynchronousFileChannel.open(path, StandardOpenOption.READ)) {
            force(() -> channel.force(names));
        }
    }

    /** Puts all that the file system of a directory holds in memory onto the disk; Java has no {@code syncfs} of its own. */
    static void syncAll(Path dir) throws IOException {
        Process sync = new ProcessBuilder(SYNC, "-f", dir.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int code = sync.onExit().join().exitValue();
        if (code > SIGNALLED) {
            throw new IOException("sync -f " + dir + " was ended by signal " + (code - SIGNALLED));
        }
        if (code != 0) {
            throw new SyncFailedException("sync -f " + dir + " ended with " + code);
        }
    }

    /** What is put onto the disk. */
    @FunctionalInterface
    private interface Forced {
        void force() throws IOException;
    }

    /** A disk that failed is told from a directory that could not be opened. */
    private static void force(Forced channel) throws IOException {
        try {
            channel.force();
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            SyncFailedException failed = new SyncFailedException(String.valueOf(e.getMessage()));
            failed.initCause(e);
            throw failed;
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
        if (text.contains("cross-device")) {
            return "keep the store on one file system, with nothing mounted inside";
        }
        return "check the disk, then try again";
    }
}
