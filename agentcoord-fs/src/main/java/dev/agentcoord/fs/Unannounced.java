package dev.agentcoord.fs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Names of tickets that this process knows to be gone and has not announced as removed. Nobody waits for that: whoever finds one of them
 * in his way looks for its name. Used inside the section, or by one thread at a time beside it.
 */
final class Unannounced {
    /** One place is left for what they are announced with. */
    private static final int MOST = OrderFile.AT_ONCE - 1;

    private final List<Change> removals = new ArrayList<>();

    /** Keeps a name; false where there are as many as can be announced at once. */
    boolean keep(String name) {
        return removals.size() < MOST && removals.add(new Change(Change.Kind.TICKET_REMOVED, name));
    }

    /** Somebody else has announced it. */
    void heard(Change removal) {
        removals.remove(removal);
    }

    boolean isEmpty() {
        return removals.isEmpty();
    }

    /** Announces all, then what comes with them. */
    void announce(Turn turn, List<Change> others) throws IOException {
        List<Change> all = new ArrayList<>(removals);
        all.addAll(others);
        turn.announce(all);
        removals.clear();
    }
}
