package dev.agentcoord.fs;

import dev.agentcoord.core.lock.Ticket;
import java.util.List;

/**
 * What stands in a ticket's way, as was decided inside the section.
 *
 * @param all earliest first; empty where it is granted
 * @param decisive those whose end may let it in: it has to look for their names once its own is there, as they may go without a word
 */
record Blockers(List<Ticket> all, List<Ticket> decisive) {
    static final Blockers NONE = new Blockers(List.of(), List.of());

    boolean isEmpty() {
        return all.isEmpty();
    }
}
