package dev.agentcoord.core.path;

import java.util.Arrays;

/** An immutable set of code points, kept as ascending disjoint ranges. */
final class CodePoints {
    /** Bits of {@link #meet}: what two sets have in common, as far as the shape of a segment depends on it. */
    static final int SLASH = 1;

    static final int DOT = 2;
    static final int OTHER = 4;

    private static final int LAST = Character.MAX_CODE_POINT;

    static final CodePoints SEPARATOR = of('/');

    /**
     * What a segment may be made of: no separator of either system, no control character, no line or paragraph
     * separator (both break a line on screens and in logs), no surrogate, and not U+FFFD, which stands for any bytes
     * that are no UTF-8.
     */
    static final CodePoints NAME = new CodePoints(
            ' ', '/' - 1, '/' + 1, '\\' - 1, '\\' + 1, '~', 0xA0, 0x2027, 0x202A, 0xD7FF, 0xE000, 0xFFFC, 0xFFFE, LAST);

    private final int[] bounds;

    private CodePoints(int... bounds) {
        this.bounds = bounds;
    }

    static CodePoints of(int codePoint) {
        return new CodePoints(codePoint, codePoint);
    }

    /** The union of inclusive ranges, given as lo, hi, lo, hi … in any order, as far as a segment may hold them. */
    static CodePoints ofRanges(int... ranges) {
        return new CodePoints(merged(ranges)).intersection(NAME);
    }

    /** Everything a segment may hold that is not in this set. */
    CodePoints complement() {
        int[] gaps = new int[bounds.length + 2];
        int size = 0;
        int from = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] > from) {
                gaps[size++] = from;
                gaps[size++] = bounds[i] - 1;
            }
            from = bounds[i + 1] + 1;
        }
        if (from <= LAST) {
            gaps[size++] = from;
            gaps[size++] = LAST;
        }
        return new CodePoints(Arrays.copyOf(gaps, size)).intersection(NAME);
    }

    boolean contains(int codePoint) {
        for (int i = 0; i < bounds.length && bounds[i] <= codePoint; i += 2) {
            if (codePoint <= bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }

    boolean isEmpty() {
        return bounds.length == 0;
    }

    /** Which of {@link #SLASH}, {@link #DOT} and {@link #OTHER} are in both sets. */
    int meet(CodePoints that) {
        int found = 0;
        int i = 0;
        int j = 0;
        while (i < bounds.length && j < that.bounds.length && found != (DOT | OTHER)) {
            found |= kinds(Math.max(bounds[i], that.bounds[j]), Math.min(bounds[i + 1], that.bounds[j + 1]));
            if (bounds[i + 1] < that.bounds[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return found;
    }

    /** The first code points of ranges and those just behind ranges: between two cuts, membership does not change. */
    int[] cuts() {
        int[] cuts = bounds.clone();
        for (int i = 1; i < cuts.length; i += 2) {
            cuts[i]++;
        }
        return cuts;
    }

    static int kind(int codePoint) {
        return codePoint == '/' ? SLASH : codePoint == '.' ? DOT : OTHER;
    }

    private static int kinds(int low, int high) {
        if (low > high) {
            return 0;
        }
        if (low == high) {
            return kind(low);
        }
        return low <= '.' && '.' <= high ? DOT | OTHER : OTHER;
    }

    private CodePoints intersection(CodePoints that) {
        int[] common = new int[bounds.length + that.bounds.length];
        int size = 0;
        for (int i = 0, j = 0; i < bounds.length && j < that.bounds.length; ) {
            int low = Math.max(bounds[i], that.bounds[j]);
            int high = Math.min(bounds[i + 1], that.bounds[j + 1]);
            if (low <= high) {
                common[size++] = low;
                common[size++] = high;
            }
            if (bounds[i + 1] < that.bounds[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return new CodePoints(Arrays.copyOf(common, size));
    }

    private static int[] merged(int[] ranges) {
        long[] sorted = new long[ranges.length / 2];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = ((long) ranges[2 * i] << 32) | ranges[2 * i + 1];
        }
        Arrays.sort(sorted);
        int[] merged = new int[ranges.length];
        int size = 0;
        for (long range : sorted) {
            int low = (int) (range >> 32);
            int high = (int) range;
            if (size > 0 && low <= merged[size - 1] + 1) {
                merged[size - 1] = Math.max(merged[size - 1], high);
            } else {
                merged[size++] = low;
                merged[size++] = high;
            }
        }
        return Arrays.copyOf(merged, size);
    }
}
