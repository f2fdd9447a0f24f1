package dev.agentcoord.ensemble;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a process runs. Immutable.
 *
 * @param address that it is reached at
 * @param prefix the words before a command that make it run there
 */
public record Place(String address, List<String> prefix) {
    /** This machine's loopback. */
    public static final Place HERE = new Place("127.0.0.1", List.of());

    /** Copies the words. */
    public Place {
        prefix = List.copyOf(prefix);
    }

    /** A command that runs there. */
    public List<String> command(List<String> words) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(words);
        return all;
    }
}
