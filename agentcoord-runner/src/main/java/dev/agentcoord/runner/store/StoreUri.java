package dev.agentcoord.runner.store;

import dev.agentcoord.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Names a store: {@code fs:/dir} or {@code zk:host:port,…/chroot}.
 *
 * @param kind which backend
 * @param location the absolute directory, or the connect string with its chroot
 */
public record StoreUri(Kind kind, String location) {
    private static final Pattern CONNECT = Pattern.compile("[A-Za-z0-9.\\-:\\[\\],]+(/[A-Za-z0-9._\\-]+)*");

    /**
     * The backends a URI can name: the file system of this machine, or servers that several machines share; the scheme is its lower-case
     * name.
     */
    public enum Kind {
        /** A directory on this machine. */
        FS,
        /** A ZooKeeper ensemble. */
        ZK
    }

    /** Reads either form; throws {@link InvalidRequestException} with both for anything else. */
    public static StoreUri parse(String text) {
        if (text.startsWith("fs:/")) {
            return directory(Path.of(text.substring(3)));
        }
        if (text.startsWith("zk:") && CONNECT.matcher(text.substring(3)).matches()) {
            return new StoreUri(Kind.ZK, text.substring(3));
        }
        throw new InvalidRequestException(
                text, "not a store: '" + text + "'; write fs:/absolute/directory or zk:host:port,host:port/chroot");
    }

    /** The store in a directory. */
    public static StoreUri directory(Path directory) {
        return new StoreUri(Kind.FS, directory.toAbsolutePath().normalize().toString());
    }

    /** Whether both name one store: the same text, or one directory by two ways. */
    public boolean isSameAs(StoreUri other) {
        return equals(other) || (kind == Kind.FS && other.kind == Kind.FS && real().equals(other.real()));
    }

    private Path real() {
        Path path = Path.of(location);
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path; // Not there yet, so nothing else leads to it.
        }
    }

    @Override
    public String toString() {
        return kind == Kind.FS ? "fs:" + location : "zk:" + location;
    }
}
