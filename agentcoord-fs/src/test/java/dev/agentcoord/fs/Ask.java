package dev.agentcoord.fs;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.tree;

import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import java.util.Random;

/**
 * A request for some of 64 files in 8 directories, and which of them by two sets of bits: so an observer needs to know nothing of how
 * overlap is decided. Two items of these overlap if and only if they share one of the 64.
 *
 * @param request to make
 * @param writes the files it wants for itself, a bit each
 * @param reads the files it wants to share, a bit each
 */
record Ask(LockRequest request, long writes, long reads) {
    static final int FILES = 64;
    private static final int SIDE = 8;
    private static final long ROW = 0xffL;
    private static final long COLUMN = 0x0101010101010101L;

    private static final Ask NOTHING = new Ask(LockRequest.empty(), 0, 0);

    /** Files mostly, some requests for several in mixed modes, now and then a tree or a glob. */
    static Ask random(Random random) {
        int kind = random.nextInt(100);
        if (kind < 70) {
            return NOTHING.and(random.nextInt(FILES), random.nextBoolean());
        }
        if (kind < 94) {
            Ask several = NOTHING;
            for (int i = 2 + random.nextInt(3); i > 0; i--) {
                several = several.and(random.nextInt(FILES), random.nextBoolean());
            }
            return several;
        }
        int line = random.nextInt(SIDE);
        boolean write = random.nextBoolean();
        if (kind < 97) {
            return NOTHING.and(tree("d" + line), ROW << (line * SIDE), write);
        }
        return kind < 99
                ? NOTHING.and(glob("d*/f" + line), COLUMN << line, write)
                : NOTHING.and(glob("**/f{" + line + ",x}"), COLUMN << line, write);
    }

    /** One file for oneself. */
    static Ask write(int number) {
        return NOTHING.and(number, true);
    }

    /** One file shared. */
    static Ask read(int number) {
        return NOTHING.and(number, false);
    }

    /** The whole directory of the first eight, for oneself. */
    static Ask writeFirstTree() {
        return NOTHING.and(tree("d0"), ROW, true);
    }

    /** With one file more, unless it is named already. */
    Ask and(int number, boolean write) {
        long bit = 1L << number;
        return ((writes | reads) & bit) != 0 ? this : and(file("d" + number / SIDE + "/f" + number % SIDE), bit, write);
    }

    private Ask and(Item item, long bits, boolean write) {
        return write
                ? new Ask(request.andExclusive(item), writes | bits, reads)
                : new Ask(request.andShared(item), writes, reads | bits);
    }
}
