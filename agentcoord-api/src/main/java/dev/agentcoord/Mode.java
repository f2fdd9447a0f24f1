package dev.agentcoord;

/**
 * How an item is held: SHARED with other readers, or EXCLUSIVE against everybody else; overlapping exclusive holds of two
 * sessions never coexist.
 */
public enum Mode {
    /** Compatible with other shared holds of overlapping items. */
    SHARED,
    /** Compatible with no other owner's hold of an overlapping item. */
    EXCLUSIVE;

    /** Whether two owners may not hold overlapping items in these modes at once. */
    public boolean conflictsWith(Mode other) {
        return this == EXCLUSIVE || other == EXCLUSIVE;
    }
}
