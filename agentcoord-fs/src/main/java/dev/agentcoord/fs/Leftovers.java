package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What processes left that died before they gave it its name. Only what says so in its own name is removed, and what others planted
 * inside a directory is never entered.
 */
final class Leftovers {
    /** All that is ever made inside a directory with a temporary name, in an order in which it can be removed. */
    private static final List<String> INSIDE = List.of(
            "a", "b", "c", "order", "sessions", "locks/tasks", "locks", "thefts", "asked", "tmp", "queues", "state");

    private static final int TRIES = 3;

    private Leftovers() {}

    /** Removes those of dead processes from a directory, as far as this user may. */
    static void sweep(Path dir) throws IOException {
        sweep(dir, null);
    }

    /** Those of this process as well, which is making nothing there at the moment. */
    static void sweepOwnToo(Path dir) throws IOException {
        sweep(dir, Maker.self());
    }

    private static void sweep(Path dir, @Nullable Maker self) throws IOException {
        Machine here = Machine.here();
        for (String name : Disk.list(dir)) {
            Optional<Maker> maker = Maker.of(name);
            Path left = dir.resolve(name);
            if (maker.isPresent() && (maker.get().equals(self) || isGone(maker.get(), left, here))) {
                remove(left);
            }
        }
    }

    /** Whether whoever made it is gone for certain, and this user may remove it. */
    static boolean isGone(Maker maker, Path left, Machine here) {
        try {
            int uid = Disk.uid(left);
            return (here.isRoot() || uid == here.uid()) && maker.isGone(here, uid);
        } catch (IOException e) {
            // Somebody else has just removed it.
            return false;
        }
    }

    /** Removes what has a temporary name, and what is known to be inside; what cannot be removed now is left for the next sweep. */
    static void remove(Path left) {
        for (int i = 0; i < TRIES && !left.toFile().delete(); i++) {
            for (String name : INSIDE) {
                boolean unused = left.resolve(name).toFile().delete();
            }
        }
    }
}
