package dev.agentcoord.core.path;

/**
 * How far the segment being read is from being a name, since no path has a segment that is empty, {@code .} or
 * {@code ..}: the third factor of every product of automata.
 */
final class SegmentShape {
    static final int START = 0;
    static final int COUNT = 4;
    static final int DEAD = -1;

    private static final int DOT = 1;
    private static final int DOT_DOT = 2;
    private static final int NAME = 3;

    private SegmentShape() {}

    /** The shape after one more code point of a kind of {@link CodePoints#meet}, or {@link #DEAD}. */
    static int after(int shape, int kind) {
        if (kind == CodePoints.SLASH) {
            return shape == NAME ? START : DEAD;
        }
        if (kind == CodePoints.OTHER) {
            return NAME;
        }
        return shape == START ? DOT : shape == DOT ? DOT_DOT : NAME;
    }
}
