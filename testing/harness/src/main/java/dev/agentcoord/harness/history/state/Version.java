package dev.agentcoord.harness.history.state;

/**
 * What a key held at a moment. Every write of a history writes a value of its own, so a value tells who wrote it.
 *
 * @param revision that wrote it; 0 when absent
 * @param value that was written; empty when absent
 */
public record Version(long revision, String value) {
    /** No value. */
    public static final Version ABSENT = new Version(0, "");

    boolean isAbsent() {
        return revision == 0;
    }

    @Override
    public String toString() {
        return isAbsent() ? "absent" : value + "@" + revision;
    }
}
