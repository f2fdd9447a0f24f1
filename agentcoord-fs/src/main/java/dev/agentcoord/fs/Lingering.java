package dev.agentcoord.fs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Stays awake for the last ticket that is in the way of another: whoever has to be woken first comes ten times as late. Its name goes
 * when it is released, stolen or swept, all of which let the other in; only under two kinds of change that is not certain, and each is
 * announced before.
 */
final class Lingering {
    /** So long at most, and only after somebody who held no longer: in that time a wait costs as much as it saves. */
    static final long LONGEST_NANOS = 4_000_000;

    private static final String NOBODYS = "nobodys";

    private final Section section;
    private final Path name;
    private final long change;

    /**
     * Decided inside, that one ticket alone is in the way.
     *
     * @param name of that ticket
     * @param change the latest, when that was decided
     */
    Lingering(Section section, Path name, long change) {
        this.section = section;
        this.name = name;
        this.change = change;
    }

    /** Looks until the ticket is gone for certain; false where that is not so after a while, or before the caller knows more. */
    @SuppressWarnings("ThreadPriorityCheck")
    boolean outlasts(BooleanSupplier known) {
        File file = name.toFile();
        rehearse();
        long end = System.nanoTime() + LONGEST_NANOS;
        while (file.exists()) {
            if (System.nanoTime() > end || known.getAsBoolean()) {
                return false;
            }
            // Whoever else wants the processor has more to do with it, perhaps the holder.
            Thread.yield();
        }
        return isGone(name) && section.isQuietSince(change);
    }

    /**
     * Does once what is done when the name is gone, with one that is not there: after the rest that went before, the code for it is in no
     * cache, and fetching it took longer than all else.
     */
    private void rehearse() {
        isGone(name.resolveSibling(NOBODYS));
        section.isQuietSince(change);
    }

    /** Exactly: the look above takes a failed disk for a no. */
    private static boolean isGone(Path name) {
        try {
            return Disk.identity(name) == null;
        } catch (IOException e) {
            return false;
        }
    }
}
