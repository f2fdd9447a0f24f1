package dev.agentcoord.runner.session;

import com.sun.security.auth.module.UnixSystem;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.text.ShellQuote;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The private directory of one run, mode 0700: its sockets and scripts. Lies in {@code $XDG_RUNTIME_DIR/agentcoord}, or in
 * {@code /tmp/agentcoord-UID} where that is not set, not private or too long for a socket's name.
 *
 * @param path the directory, of plain characters only
 */
public record RuntimeDirectory(Path path) {
    /** The kernel takes 107 bytes; some systems less. */
    static final int MAX_SOCKET_PATH = 100;

    private static final Pattern PLAIN = Pattern.compile("/[A-Za-z0-9/._-]*");
    private static final Pattern ANY =
            Pattern.compile("(/[A-Za-z0-9/._-]*)?/agentcoord/[0-9a-f]{8}|/tmp/agentcoord-[0-9]+/[0-9a-f]{8}");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<?> PRIVATE_DIRECTORY = PosixFilePermissions.asFileAttribute(PRIVATE);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Makes a new one. Throws {@link Refusal} when its parent belongs to somebody else or is open to others. */
    static RuntimeDirectory create(Map<String, String> environment) throws IOException {
        String name = String.format("%08x", RANDOM.nextInt());
        Path parent = parent(environment);
        makePrivate(parent);
        Path directory = Files.createDirectory(parent.resolve(name), PRIVATE_DIRECTORY);
        return new RuntimeDirectory(directory);
    }

    /** What names the run: the directory's own name, 8 hexadecimal digits. */
    public String id() {
        return path.getFileName().toString();
    }

    /** Whether a directory of that path can have been made for that run, wherever {@code XDG_RUNTIME_DIR} pointed then. */
    boolean isOf(String run) {
        return ANY.matcher(path.toString()).matches() && id().equals(run);
    }

    /** Whether it belongs to this process's user: joining the terminal of another lets that one run code as this user. */
    public boolean isOwn() {
        return isOwn(path);
    }

    /** The socket for commands. */
    public Path controlSocket() {
        return path.resolve("control");
    }

    /** The socket that the guard in the pane watches. */
    public Path guardSocket() {
        return path.resolve("guard");
    }

    /** The socket of the private tmux server. */
    public Path tmuxSocket() {
        return path.resolve("tmux");
    }

    /** Removes it and all it holds; whatever is already gone is no error. */
    public void delete() throws IOException {
        Deletion.of(path);
    }

    private static Path parent(Map<String, String> environment) {
        Path offered = Path.of(environment.getOrDefault("XDG_RUNTIME_DIR", ""));
        Path parent = offered.resolve("agentcoord");
        boolean usable = offered.isAbsolute()
                && PLAIN.matcher(offered.toString()).matches()
                && parent.toString().length() + "/12345678/control".length() <= MAX_SOCKET_PATH
                && isOwn(offered);
        return usable ? parent : Path.of("/tmp/agentcoord-" + uid());
    }

    private static boolean isOwn(Path directory) {
        try {
            return Files.isDirectory(directory) && (int) Files.getAttribute(directory, "unix:uid") == uid();
        } catch (IOException e) {
            return false;
        }
    }

    private static void makePrivate(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, PRIVATE_DIRECTORY);
        } catch (FileAlreadyExistsException e) {
            // Whoever made it: what matters is checked below.
        }
        PosixFileAttributes found =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        int owner = (int) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (!found.isDirectory() || owner != uid() || !found.permissions().equals(PRIVATE)) {
            throw Refusal.failed(
                    directory + " is not a directory of mode 0700 of your own",
                    found.isDirectory() && owner == uid()
                            ? "chmod 700 " + ShellQuote.word(directory.toString())
                            : "set XDG_RUNTIME_DIR to a directory of your own, or remove that one");
        }
    }

    private static int uid() {
        return (int) new UnixSystem().getUid();
    }
}
