package dev.agentcoord.fs;

import dev.agentcoord.StoreFormatException;
import dev.agentcoord.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the directories of a store and of a space, and looks at those that are there: real directories, of the modes that keep one
 * user's names safe from another. A space appears complete or not at all.
 */
final class StoreDirectory {
    private static final int WORLD_WRITABLE = 0002;
    private static final int STICKY = 01000;

    private StoreDirectory() {}

    /** The store's directory without symbolic links, made if it is not there; its parent has to be. */
    static Path openRoot(Path root) throws IOException {
        Path absolute = root.toAbsolutePath().normalize();
        if (!Files.exists(absolute)) {
            Path parent = absolute.getParent();
            if (parent != null && !Files.exists(parent)) {
                Files.createDirectories(parent);
            }
            Disk.ensureDirectory(absolute, Layout.OWNED_DIR);
        }
        Path real = absolute.toRealPath();
        checkDirectory(real);
        return real;
    }

    /** The name of a space that is there, or null. */
    static @Nullable String anySpace(Path root) throws IOException {
        for (String name : Disk.list(root)) {
            if (!name.startsWith(".") && new Layout(root, name).order().toFile().isFile()) {
                return name;
            }
        }
        return null;
    }

    /** Makes the space if it is not there, and checks it. */
    static void openSpace(Layout layout) throws IOException {
        if (!Disk.isThere(layout.home())) {
            make(layout);
        }
        checkDirectory(layout.home());
        for (Map.Entry<Path, Integer> dir : directories(layout).entrySet()) {
            addIfNew(layout, dir.getKey(), dir.getValue());
            checkDirectory(dir.getKey());
            boolean wantsSticky = (dir.getValue() & STICKY) != 0;
            if (wantsSticky && (Disk.mode(dir.getKey()) & STICKY) == 0) {
                throw refused(dir.getKey(), "lacks the sticky bit: others could remove your locks; chmod 3770 it");
            }
        }
    }

    /** Spaces made before there were such directories get them, which those who do not know them need not notice. */
    private static void addIfNew(Layout layout, Path dir, int mode) throws IOException {
        boolean later = dir.equals(layout.thefts()) || dir.equals(layout.asked());
        if (later) {
            Disk.ensureDirectory(dir, mode);
        }
    }

    private static Map<Path, Integer> directories(Layout layout) {
        return Map.of(
                layout.thefts(), Layout.OWNED_DIR,
                layout.asked(), Layout.SHARED_DIR,
                layout.sessions(), Layout.OWNED_DIR,
                layout.locks(), Layout.OWNED_DIR,
                layout.tmp(), Layout.OWNED_DIR,
                layout.taskLocks(), Layout.SHARED_DIR,
                layout.queues(), Layout.SHARED_DIR,
                layout.state(), Layout.SHARED_DIR);
    }

    private static void make(Layout layout) throws IOException {
        Layout draft = new Layout(
                layout.root(), Layout.temporary(layout.root()).getFileName().toString());
        try {
            Disk.mkdir(draft.home(), Layout.OWNED_DIR);
            for (Path dir : List.of(draft.sessions(), draft.locks(), draft.thefts(), draft.tmp())) {
                Disk.mkdir(dir, Layout.OWNED_DIR);
            }
            for (Path dir : List.of(draft.taskLocks(), draft.asked(), draft.queues(), draft.state())) {
                Disk.mkdir(dir, Layout.SHARED_DIR);
            }
            Disk.create(draft.order(), OrderFile.blank(), Layout.SHARED_FILE);
            Disk.sync(draft.order());
            Files.move(draft.home(), layout.home(), StandardCopyOption.ATOMIC_MOVE);
            Disk.sync(layout.root());
        } catch (IOException e) {
            Leftovers.remove(draft.home());
            boolean somebodyElseMadeIt = Disk.isThere(layout.home());
            if (!somebodyElseMadeIt) {
                throw e;
            }
        }
    }

    private static void checkDirectory(Path dir) throws IOException {
        if (!Disk.isDirectory(dir)) {
            throw new StoreFormatException(dir, dir + " is not a directory; a store has plain directories, no links");
        }
        int owner = Disk.uid(dir);
        if ((Disk.mode(dir) & WORLD_WRITABLE) != 0) {
            throw refused(dir, "is writable by everyone on this machine; chmod o-rwx it");
        }
        if (owner != 0 && owner != Machine.here().uid() && (Disk.mode(dir) & 0020) == 0) {
            throw refused(dir, "belongs to another user and is not open to a group; chmod 3770 it there");
        }
    }

    private static StoreUnavailableException refused(Path dir, String why) {
        return new StoreUnavailableException(dir, dir + " " + why, null);
    }
}
